using System.Text.Json;

namespace Errand.Cli.Tests;

public sealed class ShowTests(TestServer server)
{
    [Fact]
    public async Task That_items_failed_is_seen_wherever_a_job_is()
    {
        var id = await server.FinishAsync("t.partial", "-l", "seen=here");
        const string Headline = "succeeded, 1 of 3 items failed";
        foreach (string[] command in new[] { (string[])["show", id], ["list", "label.seen:here"], ["wait", id], ["watch", id] })
        {
            Assert.Contains(Headline, (await server.RunAsync(command)).Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_list_is_one_job_a_line_newest_first()
    {
        var first = await server.SubmitAsync("t.idle", "-l", "list=one");
        var second = await server.SubmitAsync("t.idle", "-l", "list=one");
        Assert.Equal([second, first], (await server.RunAsync("list", "label.list:one", "-o", "id")).Lines);
        Assert.Equal([second, first], (await server.RunAsync("list", "label.list:one", "-o", "json")).Json.EnumerateArray().Select(Id));
        Assert.Equal([second, first], (await server.RunAsync("list", "label.list:one", "-o", "jsonl")).Lines.Select(
            line => Id(JsonDocument.Parse(line).RootElement)));
        Assert.StartsWith("ID ", (await server.RunAsync("list", "label.list:one")).Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_cut_off_says_so_beside_the_data()
    {
        await server.SubmitAsync("t.idle", "-l", "list=cut");
        await server.SubmitAsync("t.idle", "-l", "list=cut");
        var ran = await server.RunAsync("list", "label.list:cut", "--limit", "1", "-o", "id");
        Assert.Single(ran.Lines);
        Assert.Contains("--limit 0", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_with_a_mistake_names_the_column_and_the_fix()
    {
        var ran = await server.RunAsync("list", "status:failed", "tipe:x");
        Assert.Equal(2, ran.Code);
        Assert.Contains("Column 15", ran.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'type'?", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_is_named_by_its_URL_too()
    {
        var id = await server.SubmitAsync("t.idle");
        Assert.Equal(id, (await server.RunAsync("show", $"{server.Url}/v1/jobs/{id}/result?x=1", "-o", "id")).Out.Trim());
    }

    [Fact]
    public async Task Colours_are_for_screens_and_only_repeat_the_words()
    {
        var id = await server.FinishAsync("t.ok");
        Assert.Contains("\e[32msucceeded\e[0m", (await server.RunOnScreenAsync("show", id)).Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', (await server.RunAsync("show", id)).Out);
    }

    [Fact]
    public async Task Why_tells_what_a_job_waits_for()
    {
        var id = await server.SubmitAsync("t.idle");
        Assert.Contains("t.idle", (await server.RunAsync("why", id)).Out, StringComparison.Ordinal);
        Assert.Equal("no_worker", (await server.RunAsync("why", id, "-o", "id")).Out.Trim());
    }

    [Fact]
    public async Task Types_tell_who_runs_them()
    {
        var types = (await server.RunAsync("types", "-o", "json")).Json.EnumerateArray().ToDictionary(
            type => type.GetProperty("name").GetString()!);
        Assert.Equal(1, types["t.ok"].GetProperty("workers").GetInt32());
        Assert.Equal(0, types["t.idle"].GetProperty("workers").GetInt32());
    }

    private static string Id(JsonElement job) => job.GetProperty("id").GetString()!;
}

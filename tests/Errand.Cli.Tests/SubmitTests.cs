using System.Text.Json;

namespace Errand.Cli.Tests;

public sealed class SubmitTests(TestServer server) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("""{"month":"2026-10"}""", "")]
    [InlineData("-", """{"month":"2026-10"}""")]
    [InlineData("@", "")]
    public async Task The_input_comes_from_the_line_from_a_file_or_from_standard_input(string data, string standardInput)
    {
        if (data == "@") data += _scratch.File("input.json", """{"month":"2026-10"}""");
        var ran = await server.RunWithInputAsync(standardInput, "submit", "t.idle", "-d", data, "-o", "id");
        var job = (await server.RunAsync("show", ran.Out.Trim(), "--input", "-o", "json")).Json;
        Assert.Equal("2026-10", job.GetProperty("input").GetProperty("month").GetString());
    }

    [Theory]
    [InlineData("{month:1}", "is not JSON")]
    [InlineData("@nowhere.json", "cannot be read")]
    public async Task An_input_that_is_no_JSON_is_refused_before_anything_is_sent(string data, string reason)
    {
        var ran = await server.RunAsync("submit", "t.ok", "-d", data);
        Assert.Equal(2, ran.Code);
        Assert.Contains(reason, ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rows.csv", "name,note\r\nAnna,\"a, b\"\r\nBert,\r\n")]
    [InlineData("rows.jsonl", "{\"name\":\"Anna\",\"note\":\"a, b\"}\n{\"name\":\"Bert\",\"note\":\"\"}\n")]
    [InlineData("rows.json", "[{\"name\":\"Anna\",\"note\":\"a, b\"},{\"name\":\"Bert\",\"note\":\"\"}]")]
    public async Task Items_come_from_a_table_whatever_its_format(string name, string content)
    {
        var id = await server.FinishAsync("t.items", "--items", _scratch.File(name, content));
        var items = (await server.RunAsync("items", id, "-o", "json")).Json;
        Assert.Equal(["Anna", "Bert"], items.EnumerateArray().Select(item => item.GetProperty("result").GetProperty("name").GetString()));
        Assert.Equal("a, b", items[0].GetProperty("result").GetProperty("note").GetString());
    }

    [Theory]
    [InlineData("rows.txt", "x", "must end in")]
    [InlineData("rows.csv", "a,b\r\n1\r\n", "line 2")]
    public async Task A_table_that_cannot_be_read_is_2_and_the_message_names_the_place(string name, string content, string place)
    {
        var ran = await server.RunAsync("submit", "t.items", "--items", _scratch.File(name, content));
        Assert.Equal(2, ran.Code);
        Assert.Contains(place, ran.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_job_and_says_so()
    {
        var first = await server.SubmitAsync("t.idle", "--idempotency-key", "once-\"only\"");
        var again = await server.RunAsync("submit", "t.idle", "--idempotency-key", "once-\"only\"", "-o", "id");
        Assert.Equal(first, again.Out.Trim());
        Assert.Contains("accepted before", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_live_unique_key_gives_the_live_job_and_says_so()
    {
        var first = await server.SubmitAsync("t.idle", "--unique-key", "one-at-a-time");
        var again = await server.RunAsync("submit", "t.idle", "--unique-key", "one-at-a-time", "-o", "id");
        Assert.Equal(first, again.Out.Trim());
        Assert.Contains("unique key", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_prints_the_finished_job_with_its_result_and_nothing_else()
    {
        var ran = await server.RunAsync("submit", "t.ok", "--wait", "-o", "json");
        Assert.Equal("succeeded", ran.Json.GetProperty("status").GetString());
        Assert.Equal(3, ran.Json.GetProperty("result").GetProperty("rows").GetInt32());
        Assert.Contains("succeeded", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_said_of_a_job_is_kept()
    {
        var id = await server.SubmitAsync(
            "t.idle", "--queue", "bulk", "--priority", "8", "-l", "customer=acme", "-l", "team=night shift", "--delay", "1h");
        var job = (await server.RunAsync("show", id, "-o", "json")).Json;
        Assert.Equal("bulk", job.GetProperty("queue").GetString());
        Assert.Equal(8, job.GetProperty("priority").GetInt32());
        Assert.Equal("night shift", job.GetProperty("labels").GetProperty("team").GetString());
        Assert.Equal("scheduled", job.GetProperty("status").GetString());
        Assert.Equal(id, (await server.RunAsync("list", "label.customer:acme", "-o", "id")).Out.Trim());
    }

    [Fact]
    public async Task A_retry_is_a_new_job()
    {
        var failed = await server.FinishAsync("t.fail");
        var again = (await server.RunAsync("retry", failed, "-o", "jsonl")).Json;
        Assert.NotEqual(failed, again.GetProperty("id").GetString());
        Assert.Equal(failed, again.GetProperty("retryOf").GetString());
        Assert.Equal(JsonValueKind.Object, again.ValueKind);
    }
}

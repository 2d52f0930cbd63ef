using System.Text.Json;

namespace Errand.Testing.Tests;

/// <summary>What only Zendesk's wire can say.</summary>
public sealed class ZendeskTests
{
    [Fact]
    public async Task Items_fail_with_their_error_and_the_job_completes()
    {
        await using var zendesk = await FakeVendor.StartZendeskAsync();
        using var caller = new Caller(zendesk);
        zendesk.Script("at once complete, items 90 fail TicketUpdateFailed \"Ticket is closed\"");
        var status = (await caller.GetAsync(await caller.StartAsync())).Body.GetProperty("job_status");
        Assert.Equal("completed", status.GetProperty("status").GetString());
        Assert.Equal(2, status.GetProperty("progress").GetInt32());
        var (first, second) = (status.GetProperty("results")[0], status.GetProperty("results")[1]);
        Assert.True(first.GetProperty("success").GetBoolean());
        Assert.Equal((380, "Updated", "I accidentally the whole bottle"), (first.GetProperty("id").GetInt32(), first.GetProperty("status").GetString(), first.GetProperty("title").GetString()));
        Assert.False(second.GetProperty("success").GetBoolean());
        Assert.Equal((90, "TicketUpdateFailed", "Ticket is closed"), (second.GetProperty("id").GetInt32(), second.GetProperty("error").GetString(), second.GetProperty("details").GetString()));
    }

    [Fact]
    public async Task Items_are_named_by_place_and_all_at_once()
    {
        await using var zendesk = await FakeVendor.StartZendeskAsync();
        using var caller = new Caller(zendesk);
        zendesk.Script("at once, items #0 fail");
        zendesk.Script("at once, all items fail Locked");
        var (first, second) = (await caller.GetAsync(await caller.StartAsync()), await caller.GetAsync(await caller.StartAsync()));
        Assert.Equal([false, true], Successes(first));
        Assert.Equal([false, false], Successes(second));
    }

    [Fact]
    public async Task Progress_grows_with_the_polls()
    {
        await using var zendesk = await FakeVendor.StartZendeskAsync();
        using var caller = new Caller(zendesk);
        zendesk.Script("after 4 polls complete");
        var job = await caller.StartAsync();
        List<int> progress = [];
        for (var i = 0; i < 5; i++) progress.Add((await caller.GetAsync(job)).Body.GetProperty("progress").GetInt32());
        Assert.Equal([0, 0, 1, 1, 2], progress);
    }

    [Fact]
    public async Task What_is_created_has_an_id_of_its_own()
    {
        await using var zendesk = await FakeVendor.StartZendeskAsync();
        using var caller = new Caller(zendesk);
        zendesk.Script("at once, items #1 fail TicketCreateFailed \"Description: cannot be blank\"");
        var begun = await caller.SendAsync("POST", "/api/v2/tickets/create_many", """{"tickets":[{"subject":"one"},{"subject":"two"}]}""");
        var results = (await caller.GetAsync(begun.Body.GetProperty("job_status").GetProperty("url").GetString()!)).Body.GetProperty("results");
        Assert.True(results[0].GetProperty("id").GetInt64() > 0);
        Assert.Equal((0, "one"), (results[0].GetProperty("index").GetInt32(), results[0].GetProperty("title").GetString()));
        Assert.Equal((1, "TicketCreateFailed"), (results[1].GetProperty("index").GetInt32(), results[1].GetProperty("error").GetString()));
        Assert.False(results[1].TryGetProperty("id", out _));
    }

    [Fact]
    public async Task Show_many_and_the_list_are_polls_too()
    {
        await using var zendesk = await FakeVendor.StartZendeskAsync();
        using var caller = new Caller(zendesk);
        var job = await caller.StartAsync();
        var id = job.Split('/')[^1].Replace(".json", "", StringComparison.Ordinal);
        Assert.Equal("working", await WordAsync($"/api/v2/job_statuses/show_many.json?ids={id},0195"));
        Assert.Equal("completed", await WordAsync("/api/v2/job_statuses.json"));

        async Task<string?> WordAsync(string url) => (await caller.GetAsync(url)).Body.GetProperty("job_statuses")[0].GetProperty("status").GetString();
    }

    [Fact]
    public async Task The_thirty_first_job_is_one_too_many()
    {
        await using var zendesk = await FakeVendor.StartZendeskAsync();
        using var caller = new Caller(zendesk);
        zendesk.Script("stuck, for every job");
        for (var i = 0; i < 30; i++) await caller.StartAsync();
        var refused = await caller.TryStartAsync();
        Assert.Equal((429, "TooManyJobs"), (refused.Status, refused.Body.GetProperty("error").GetString()));
        Assert.Equal(30, refused.Body.GetProperty("current_job_ids").GetArrayLength());
    }

    [Fact]
    public async Task A_request_that_is_refused_takes_no_script()
    {
        await using var zendesk = await FakeVendor.StartZendeskAsync();
        using var caller = new Caller(zendesk);
        zendesk.Script("at once fail");
        Assert.Equal(422, (await caller.SendAsync("PUT", "/api/v2/tickets/update_many", """{"tickets":[]}""")).Status);
        Assert.Single(zendesk.Scripts);
    }

    [Fact]
    public async Task Each_of_its_credentials_lets_in_and_others_do_not()
    {
        await using var zendesk = await FakeVendor.StartZendeskAsync();
        using var caller = new Caller(zendesk);
        var job = await caller.StartAsync();
        foreach (var header in new[] { zendesk.Credentials.Bearer, zendesk.Credentials.BasicToken, zendesk.Credentials.BasicPassword })
        {
            caller.Http.DefaultRequestHeaders.Authorization = header;
            Assert.Equal(200, (await caller.GetAsync(job)).Status);
        }

        caller.Http.DefaultRequestHeaders.Authorization = new("Bearer", "made-up");
        Assert.Equal(401, (await caller.GetAsync(job)).Status);
    }

    private static bool[] Successes(Answer answer) => [.. answer.Body.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("success").GetBoolean())];
}

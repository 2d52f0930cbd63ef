namespace Errand.Testing.Tests;

/// <summary>What only Workiva's wires can say.</summary>
public sealed class WorkivaTests
{
    private const string Cells = "/spreadsheets/v1/async/spreadsheets/s1/sheets/t1/data/A1%3AB2";

    [Fact]
    public async Task A_queue_job_goes_through_its_words_and_expires_with_410()
    {
        await using var workiva = await FakeVendor.StartWorkivaAsync();
        using var caller = new Caller(workiva);
        workiva.Script("queued 1 poll, after 1 poll complete, expire after 1 poll");
        var begun = await caller.SendAsync("PUT", Cells, """{"values":[[1,2]]}""");
        Assert.Equal(202, begun.Status);
        var job = begun.Body.GetProperty("next_url").GetString()!;
        List<string?> words = [];
        for (var i = 0; i < 3; i++) words.Add((await caller.GetAsync(job)).Body.GetProperty("data").GetProperty("status").GetString());
        Assert.Equal(["PENDING", "RUNNING", "SUCCESSFUL"], words);
        var gone = await caller.GetAsync(job);
        Assert.Equal(410, gone.Status);
        Assert.Equal(default, gone.Body);
    }

    [Fact]
    public async Task An_operation_has_its_results_and_a_failure_its_details()
    {
        await using var workiva = await FakeVendor.StartWorkivaAsync();
        using var caller = new Caller(workiva);
        workiva.Script("""at once complete, result [{"id":"d1","container":"","kind":"Document"}]""");
        workiva.Script("at once fail SheetLocked \"cells are locked\"");
        var operation = (await caller.GetAsync(await caller.StartAsync())).Body;
        var results = (await caller.GetAsync(operation.GetProperty("resourceUrl").GetString()!)).Body;
        Assert.Equal("Document", results.GetProperty("data")[0].GetProperty("kind").GetString());
        var failed = (await caller.GetAsync(await caller.StartAsync())).Body;
        Assert.Equal("SheetLocked", failed.GetProperty("details")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_operation_is_no_queue_job()
    {
        await using var workiva = await FakeVendor.StartWorkivaAsync();
        using var caller = new Caller(workiva);
        var id = (await caller.StartAsync()).Split('/')[^1];
        Assert.Equal(422, (await caller.GetAsync($"/spreadsheets/v1/queue-jobs/{id}")).Status);
    }

    [Fact]
    public async Task A_poll_that_is_too_early_is_told_to_wait()
    {
        await using var workiva = await FakeVendor.StartWorkivaAsync();
        using var caller = new Caller(workiva);
        var answer = await caller.GetAsync(await caller.StartAsync());
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
    }
}

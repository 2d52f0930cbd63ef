using System.Net;
using System.Text.Json.Serialization;
using Errand.AspNetCore.Tests;
using Errand.Contracts;

namespace Errand.Client.Tests;

/// <summary>The client against the real API on a real Kestrel.</summary>
public sealed partial class LiveTests(LiveTests.Fixture fixture) : IClassFixture<LiveTests.Fixture>
{
    private readonly ApiServer _server = fixture.Server;

    private ErrandClient Client(string person = "ada") => new(_server.Address, _server.TokenOf(person));

    [Fact]
    public async Task A_job_is_submitted_waited_for_and_its_result_read()
    {
        using var client = Client();
        var job = await client.Jobs.SubmitAsync<Report>("test.echo", new { month = "2026-10", rows = 3 }, new() { Labels = { ["tenant"] = "acme" } });
        Assert.Equal(new Report("2026-10", 3), await job.WaitAsync());

        var again = client.Jobs.Get<Report>(job.Id);
        Assert.Equal(job, again);
        Assert.Equal(3, (await again.WaitAsync()).Rows);
        Assert.Equal("acme", (await again.GetAsync()).Job.Labels!["tenant"]);
    }

    [Fact]
    public async Task A_trimmed_program_says_how_its_types_are_written()
    {
        using var client = Client();
        var job = await client.Jobs.SubmitAsync("test.echo", new Report("2026-11", 4), LiveJson.Default.Report, LiveJson.Default.Report);
        Assert.Equal(4, (await job.WaitAsync()).Rows);
        Assert.Equal(4, (await client.Jobs.Get(job.Id, LiveJson.Default.Report).WaitAsync()).Rows);
    }

    [Fact]
    public async Task The_same_key_or_the_same_id_gives_the_same_job()
    {
        using var client = Client();
        JobSubmitOptions keyed = new() { IdempotencyKey = Guid.NewGuid().ToString() }, named = new() { Id = Guid.NewGuid() };
        Assert.Equal(await client.Jobs.SubmitAsync<Report>("test.later", options: keyed), await client.Jobs.SubmitAsync<Report>("test.later", options: keyed));
        var job = await client.Jobs.SubmitAsync<Report>("test.later", options: named);
        Assert.Equal(named.Id!.Value.ToString("N"), job.Id);
        Assert.Equal(job, await client.Jobs.SubmitAsync<Report>("test.later", options: named));
    }

    [Fact]
    public async Task Progress_arrives_while_the_job_runs_and_a_cancel_ends_it()
    {
        using var client = Client();
        var job = await client.Jobs.SubmitAsync<Report>("test.hold");
        await _server.Handlers.StartedAsync(JobId.Parse(job.Id));
        var seen = new TaskCompletionSource<JobProgress>(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = job.WaitForOutcomeAsync(TimeSpan.FromSeconds(60), new Once(seen));
        Assert.Equal("holding", (await seen.Task.WaitAsync(TimeSpan.FromSeconds(30))).Message);

        await job.CancelAsync("user closed tab");
        var outcome = await waiting;
        Assert.Equal((JobStatus.Canceled, "user closed tab"), (outcome.Status, outcome.Job.CancelReason));
        Assert.Throws<JobCanceledException>(() => outcome.GetResult());
    }

    [Fact]
    public async Task A_watch_ends_with_the_job()
    {
        using var client = Client();
        var job = await client.Jobs.SubmitAsync<Report>("test.hold");
        List<JobStatus> seen = [];
        await foreach (var happened in job.WatchAsync())
        {
            seen.Add(happened.Job.Status);
            if (happened.Job.Status is JobStatus.Running) _server.Handlers.Release(JobId.Parse(job.Id));
        }

        Assert.Equal(JobStatus.Succeeded, seen[^1]);
        Assert.Contains(JobStatus.Running, seen);
    }

    [Fact]
    public async Task A_failure_has_the_words_of_its_handler()
    {
        using var client = Client();
        var job = await client.Jobs.SubmitAsync<Report>("test.fail");
        var error = await Assert.ThrowsAsync<JobFailedException>(() => job.WaitAsync());
        Assert.Equal(("out_of_paper", 1), (error.Code, error.Attempt));
        Assert.Equal(job, error.Handle);
    }

    [Fact]
    public async Task Items_messages_and_outputs_are_read_through_the_handle()
    {
        using var client = Client();
        var job = await client.Jobs.SubmitAsync<Report>("test.batch", options: new() { Items = new RawJson("[1,2,3]"u8.ToArray()) });
        Assert.Equal(1, (await job.WaitForOutcomeAsync()).FailedItems);
        Assert.Equal(["row 1"], await job.ItemsAsync(JobItemStatus.Failed).Select(item => item.Key).ToArrayAsync());
        Assert.Equal(["half of them are odd"], await job.MessagesAsync(JobSeverity.Warning).Select(message => message.Text).ToArrayAsync());
        await using (var csv = await job.Outputs.OpenAsync("rows.csv"))
        {
            Assert.Equal("a,b\r\n1,2\r\n", await new StreamReader(csv).ReadToEndAsync());
        }

        await using (var json = await job.Outputs.OpenAsync("rows", "json")) Assert.Equal("[1,2]", await new StreamReader(json).ReadToEndAsync());
        Assert.Contains("It published: rows.csv.", (await Assert.ThrowsAsync<FileNotFoundException>(() => job.Outputs.OpenAsync("nope"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_result_is_a_stream()
    {
        using var client = Client();
        var job = await client.Jobs.SubmitAsync<Report>("test.big");
        Assert.Contains("text/plain", (await Assert.ThrowsAsync<JobResultException>(() => job.WaitAsync())).Message, StringComparison.Ordinal);
        using var result = await job.OpenResultAsync();
        Assert.Equal(120_000, (await new StreamReader(result!.Content).ReadToEndAsync()).Length);
    }

    [Fact]
    public async Task Any_202_of_the_server_becomes_a_handle()
    {
        using var client = Client();
        using var http = _server.As();
        using var accepted = await http.PostAsync("jobs", new StringContent("""{"type":"test.echo","input":{"month":"m","rows":1}}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var own = client.Jobs.FromLocation<Report>(accepted);
        Assert.DoesNotContain("://", own.Id, StringComparison.Ordinal);
        Assert.Equal(1, (await own.WaitAsync()).Rows);

        // The same answer read as a stranger's: by its addresses alone.
        using var stranger = new ErrandClient(new Uri("http://another.test"));
        Assert.Equal(1, (await stranger.Jobs.FromLocation<Report>(accepted, http).WaitAsync()).Rows);
    }

    [Fact]
    public async Task What_belongs_to_another_is_not_found()
    {
        using var client = Client();
        using var other = Client("eve");
        var job = await client.Jobs.SubmitAsync<Report>("test.later");
        await Assert.ThrowsAsync<JobNotFoundException>(() => other.Jobs.Get(job.Id).GetAsync());
    }

    [Fact]
    public async Task A_wait_that_times_out_leaves_the_job_alone()
    {
        using var client = Client();
        var job = await client.Jobs.SubmitAsync<Report>("test.later");
        var error = await Assert.ThrowsAsync<JobWaitTimeoutException>(() => job.WaitForOutcomeAsync(TimeSpan.FromSeconds(1)));
        Assert.Equal(JobStatus.Queued, error.LastStatus);
        Assert.Equal(JobStatus.Queued, (await job.GetAsync()).Job.Status);
    }

    private sealed record Report(string Month, int Rows);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Report))]
    private sealed partial class LiveJson : JsonSerializerContext;

    private sealed class Once(TaskCompletionSource<JobProgress> seen) : IProgress<JobProgress>
    {
        public void Report(JobProgress value) => seen.TrySetResult(value);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public ApiServer Server { get; } = new();

        public ValueTask InitializeAsync() => Server.InitializeAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}

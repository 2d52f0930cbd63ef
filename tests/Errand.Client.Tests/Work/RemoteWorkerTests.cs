using System.Text;
using Errand.AspNetCore.Tests;
using Errand.Contracts;
using Errand.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Errand.Client.Tests;

/// <summary>A worker in a host of its own, over HTTP, against the real API without a worker.</summary>
public sealed class RemoteWorkerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ApiServer _server = new() { WithWorker = false };
    private readonly List<IHost> _workers = [];
    private ErrandClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _client = new ErrandClient(_server.Address, _server.TokenOf("ada"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.StopAsync();
            worker.Dispose();
        }

        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_job_runs_elsewhere_with_all_that_it_reports()
    {
        await WorkAsync("remote.all", async (context, cancellationToken) =>
        {
            context.Report(new JobProgress { Percent = 50, Message = "half" });
            List<JobItem> items = [];
            await foreach (var item in context.ReadItemsAsync(cancellationToken))
            {
                items.Add(new JobItem { Index = item.Index, Key = $"row {item.Index}", Status = item.Index == 1 ? JobItemStatus.Failed : JobItemStatus.Succeeded, Result = item.Json });
            }

            await context.WriteItemsAsync(items, cancellationToken);
            await context.LogAsync(JobSeverity.Warning, "from afar", cancellationToken: cancellationToken);
            await context.PublishAsync(new OutputDraft("rows", "rows.csv", [Format("csv", "text/csv", "a\n1\n"), Format("json", "application/json", "[1]")]), cancellationToken);
            await context.PublishAsync(new OutputDraft("note", "note.txt", [Format("txt", "text/plain", "hello")]), cancellationToken);
            return new JobOutcome.Succeeded(Encoding.UTF8.GetBytes($$"""{"attempt":{{context.Head.Attempt}},"input":{{Encoding.UTF8.GetString(context.Input.Json.Span)}}}"""));
        });
        var job = await SubmitAsync("remote.all", new { n = 7 }, items: "[10,20,30]");
        var outcome = await job.WaitForOutcomeAsync(Patience);

        Assert.Equal(JobStatus.Succeeded, outcome.Status);
        Assert.Equal("""{"attempt":1,"input":{"n":7}}""", outcome.Job.Result.ToString());
        Assert.Equal((3, 1), (outcome.Job.Progress!.Completed, outcome.Job.Progress.Failed));
        Assert.Equal(["row 1"], await job.ItemsAsync(JobItemStatus.Failed).Select(item => item.Key).ToArrayAsync());
        Assert.Equal(["from afar"], await job.MessagesAsync().Select(message => message.Text).ToArrayAsync());
        Assert.Equal("[1]", await ReadAsync(await job.Outputs.OpenAsync("rows", "json")));
        Assert.Equal("hello", await ReadAsync(await job.Outputs.OpenAsync("note.txt")));
    }

    [Fact]
    public async Task A_result_that_is_not_json_keeps_its_type_and_a_failure_its_words()
    {
        await WorkAsync("remote.ends", (context, _) => new ValueTask<JobOutcome>(context.Input.Json.Span.IndexOf("bad"u8) >= 0
            ? new JobOutcome.Failed(new JobError("out_of_paper", "No paper.", Retryable: false))
            : new JobOutcome.Succeeded("plain"u8.ToArray(), "text/plain")));
        var good = await SubmitAsync("remote.ends", new { kind = "good" });
        await good.WaitForEndAsync(Patience);
        using var result = await good.OpenResultAsync();
        Assert.Equal("text/plain", result!.ContentType);

        var bad = await SubmitAsync("remote.ends", new { kind = "bad" });
        var outcome = await bad.WaitForOutcomeAsync(Patience);
        Assert.Equal(("out_of_paper", "No paper."), (outcome.Error!.Code, outcome.Error.Message));
    }

    [Fact]
    public async Task A_cancel_reaches_the_handler_with_a_beat()
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await WorkAsync("remote.hold", async (_, cancellationToken) =>
        {
            running.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return JobOutcome.Succeeded.Empty;
        });
        var job = await SubmitAsync("remote.hold");
        await running.Task.WaitAsync(Patience);
        await job.CancelAsync("enough");
        Assert.Equal(JobStatus.Canceled, (await job.WaitForOutcomeAsync(Patience)).Status);
    }

    [Fact]
    public async Task A_worker_that_stops_gives_its_jobs_back_and_the_next_one_runs_them()
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = await WorkAsync("remote.moved", async (_, cancellationToken) =>
        {
            running.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return JobOutcome.Succeeded.Empty;
        });
        var job = await SubmitAsync("remote.moved");
        await running.Task.WaitAsync(Patience);
        await first.StopAsync();
        Assert.Equal(JobStatus.Queued, (await job.GetAsync()).Job.Status);

        await WorkAsync("remote.moved", (_, _) => new ValueTask<JobOutcome>(JobOutcome.Succeeded.Empty));
        Assert.Equal(JobStatus.Succeeded, (await job.WaitForOutcomeAsync(Patience)).Status);
    }

    [Fact]
    public async Task A_job_whose_claim_was_answered_into_nothing_runs_all_the_same()
    {
        var lost = new LosesTheFirstJobs();
        await WorkAsync("remote.lost", (_, _) => new ValueTask<JobOutcome>(JobOutcome.Succeeded.Empty), lost);
        var job = await SubmitAsync("remote.lost");
        var outcome = await job.WaitForOutcomeAsync(Patience);
        Assert.True(lost.Lost);
        Assert.Equal(JobStatus.Succeeded, outcome.Status);
    }

    /// <summary>The session beats on meanwhile, so nobody else would ever take the job.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_outcome_that_the_server_could_not_be_told_is_told_when_it_is_back(bool answers)
    {
        var deaf = new HearsNoOutcome(times: 4, answers);
        await WorkAsync("remote.told", (_, _) => new ValueTask<JobOutcome>(new JobOutcome.Succeeded("7"u8.ToArray())), deaf);
        var job = await SubmitAsync("remote.told");
        var outcome = await job.WaitForOutcomeAsync(Patience);
        Assert.Equal(0, deaf.Left);
        Assert.Equal((JobStatus.Succeeded, "7"), (outcome.Status, outcome.Job.Result.ToString()));
    }

    private async Task<IHost> WorkAsync(string type, Func<JobContext, CancellationToken, ValueTask<JobOutcome>> run, DelegatingHandler? between = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.Services.AddErrandRemote(o =>
        {
            o.BaseAddress = _server.Address;
            o.Token = _server.TokenOf("ada");
        }).AddHandler(new JobType { Name = type, MaxAttempts = 1 }, _ => new Delegated(run)).AddWorker(worker => worker.DrainTimeout = TimeSpan.FromMilliseconds(100));
        if (between is not null) builder.Services.AddHttpClient("errand").AddHttpMessageHandler(() => between);
        var host = builder.Build();
        _workers.Add(host);
        await host.StartAsync();
        return host;
    }

    // The type is known as soon as the worker's session is open.
    private async Task<JobHandle<System.Text.Json.JsonElement>> SubmitAsync(string type, object? input = null, string? items = null)
    {
        JobSubmitOptions options = new() { Items = items is null ? null : new RawJson(Encoding.UTF8.GetBytes(items)) };
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await _client.Jobs.SubmitAsync<System.Text.Json.JsonElement>(type, input, options);
            }
            catch (JobNotFoundException) when (TimeProvider.System.GetElapsedTime(begun) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }

    private static OutputFormatDraft Format(string format, string type, string content) =>
        new(format, type, (file, cancellationToken) => file.WriteAsync(Encoding.UTF8.GetBytes(content), cancellationToken).AsTask());

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    /// <summary>The server claimed, and the answer never arrived.</summary>
    private sealed class LosesTheFirstJobs : DelegatingHandler
    {
        public bool Lost { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (Lost || !request.RequestUri!.AbsolutePath.EndsWith("/claim", StringComparison.Ordinal) || response.StatusCode != System.Net.HttpStatusCode.OK) return response;
            Lost = true;
            response.Dispose();
            throw new HttpRequestException("the connection broke", new IOException("reset by peer"));
        }
    }
    /// <summary>A server that is away, or one behind a proxy that says so.</summary>
    private sealed class HearsNoOutcome(int times, bool answers) : DelegatingHandler
    {
        private int _left = times;

        public int Left => Math.Max(0, Volatile.Read(ref _left));

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!request.RequestUri!.AbsolutePath.EndsWith("/settle", StringComparison.Ordinal) || Interlocked.Decrement(ref _left) < 0) return base.SendAsync(request, cancellationToken);
            return answers
                ? Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.ServiceUnavailable) { RequestMessage = request })
                : throw new HttpRequestException("Connection refused", new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused));
        }
    }
}

using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Errand.Worker.Tests;

/// <summary>The worker over the real engine and the store in memory.</summary>
public sealed class IntegrationTests : IAsyncDisposable
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IHost? _host;

    private IJobClient Jobs => _host!.Services.GetRequiredService<IJobClients>().For(JobCaller.System());

    private IJobContents Contents => _host!.Services.GetRequiredService<IJobClients>().ContentsFor(JobCaller.System());

    public async ValueTask DisposeAsync()
    {
        _go.TrySetResult();
        if (_host is null) return;
        await _host.StopAsync();
        _host.Dispose();
    }

    [Fact]
    public async Task A_submitted_job_is_run_and_its_result_can_be_read()
    {
        await StartAsync(errand => errand.AddHandler<int, int>("math.double", (n, _, _) => Task.FromResult(2 * n)));

        var job = await RunAsync("math.double", "21");

        Assert.Equal((JobState.Succeeded, 1), (job.Head.State, job.Head.Attempt));
        Assert.Equal("42", Encoding.UTF8.GetString(job.Result!.Body.Span));
    }

    [Fact]
    public async Task A_failed_attempt_is_followed_by_another()
    {
        await StartAsync(errand => errand.AddHandler(new JobType { Name = "flaky.job" }, _ => new Handler((context, _) => new(
            context.Attempt < 3 ? new JobOutcome.Failed(new JobError("not_yet", "Not yet.", Retryable: true), TimeSpan.Zero) : JobOutcome.Succeeded.Empty))));

        var job = await RunAsync("flaky.job");

        Assert.Equal((JobState.Succeeded, 3, 2), (job.Head.State, job.Head.Attempt, job.Head.Failures));
    }

    [Fact]
    public async Task A_cancel_reaches_a_running_handler_at_once()
    {
        await StartAsync(errand => errand.AddHandler(new JobType { Name = "long.job" }, _ => new Handler(async (_, token) =>
        {
            _started.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return JobOutcome.Succeeded.Empty;
        })));
        var job = (await Jobs.SubmitAsync(new JobSubmission { Type = "long.job" })).Job;
        await WorkerHarness.Within(_started.Task);

        await Jobs.CancelAsync(job.Head.Id, "enough");

        Assert.Equal(JobState.Canceled, (await EndedAsync(job.Head.Id)).Head.State);
    }

    [Fact]
    public async Task Messages_items_and_progress_are_there_when_the_job_is_done()
    {
        await StartAsync(errand => errand.AddHandler(new JobType { Name = "talking.job" }, _ => new Handler(async (context, token) =>
        {
            context.Report(new JobProgress { Completed = 2, Total = 2, Message = "done" });
            await context.LogAsync(JobSeverity.Info, "hello", cancellationToken: token);
            await context.WriteItemsAsync([new JobItem { Key = "a" }, new JobItem { Key = "b", Status = JobItemStatus.Failed }], token);
            return JobOutcome.Succeeded.Empty;
        })));

        var job = await RunAsync("talking.job");

        Assert.Equal("done", job.Progress?.Message);
        Assert.Equal(new JobItemCounts(2, 1), job.Items);
        Assert.Equal("hello", Assert.Single((await Contents.ListMessagesAsync(job.Head.Id, new())).Messages).Text);
        Assert.Equal(["a", "b"], (await Contents.ListItemsAsync(job.Head.Id, new())).Select(item => item.Key));
    }

    [Fact]
    public async Task Every_one_of_ten_thousand_jobs_runs_once()
    {
        var runs = new ConcurrentDictionary<JobId, int>();
        await StartAsync(errand => errand.AddHandler(new JobType { Name = "quick.job" }, _ => new Handler((context, _) =>
        {
            runs.AddOrUpdate(context.Head.Id, 1, (_, count) => count + 1);
            return new(JobOutcome.Succeeded.Empty);
        })));
        var ids = new List<JobId>();
        for (var batch = 0; batch < 10; batch++)
        {
            var replies = await Jobs.SubmitManyAsync([.. Enumerable.Repeat(new JobSubmission { Type = "quick.job" }, 1000)], atomic: true);
            ids.AddRange(replies.Select(reply => reply.Receipt!.Job.Head.Id));
        }

        foreach (var id in ids) Assert.Equal(JobState.Succeeded, (await EndedAsync(id)).Head.State);

        Assert.Equal(10_000, runs.Count);
        Assert.All(runs.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task A_host_that_stops_gives_its_running_job_back_without_an_attempt()
    {
        await StartAsync(
            errand => errand.AddHandler(new JobType { Name = "long.job" }, _ => new Handler(async (_, token) =>
            {
                _started.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                return JobOutcome.Succeeded.Empty;
            })),
            options => options.DrainTimeout = TimeSpan.Zero);
        var job = (await Jobs.SubmitAsync(new JobSubmission { Type = "long.job" })).Job;
        await WorkerHarness.Within(_started.Task);

        await WorkerHarness.Within(_host!.Services.GetServices<IHostedService>().OfType<JobWorker>().Single().StopAsync(CancellationToken.None));

        var after = (await Jobs.FindAsync(job.Head.Id)).Job!;
        Assert.Equal((JobState.Queued, 0, 0, 0), (after.Head.State, after.Head.Attempt, after.Head.Failures, after.Head.Losses));
    }

    private async Task StartAsync(Action<IErrandBuilder> add, Action<WorkerOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var errand = builder.Services.AddErrand().UseMemory();
        add(errand);
        errand.AddWorker(configure);
        _host = builder.Build();
        await _host.StartAsync();
    }

    private async Task<Job> RunAsync(string type, string input = "null") =>
        await EndedAsync((await Jobs.SubmitAsync(new JobSubmission { Type = type, Input = Encoding.UTF8.GetBytes(input) })).Job.Head.Id);

    private async Task<Job> EndedAsync(JobId id)
    {
        var job = (await Jobs.WaitAsync(id, TimeSpan.FromSeconds(20), parts: JobParts.Result)).Job!;
        Assert.True(job.Head.State.IsTerminal(), $"the job is still {job.Head.State}");
        return job;
    }

    private sealed class Handler(Func<JobContext, CancellationToken, ValueTask<JobOutcome>> run) : IJobHandler
    {
        public ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken) => run(context, cancellationToken);
    }
}

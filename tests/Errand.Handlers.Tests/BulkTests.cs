using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Errand.Handlers.Tests;

/// <summary>Bulk actions over the real engine, the worker and the store in memory.</summary>
public sealed class BulkTests : IAsyncDisposable
{
    private static readonly JobCaller Ann = new("acme", "ann");
    private readonly IHost _host;

    public BulkTests()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddErrand().UseMemory()
            .AddBulkActions(options => options.Rate = 100_000)
            .AddHandler<int, object?>("sure.job", (_, _, _) => Task.FromResult<object?>(null))
            .AddHandler<int, object?>("bad.job", (_, _, _) => throw new JobRejectedException("never"));
        _host = builder.Build();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    [Fact]
    public async Task Canceling_takes_every_page_of_what_matches_and_nothing_else()
    {
        await _host.StartAsync();
        await SubmitAsync(Ann, 450, "sure.job", delay: TimeSpan.FromHours(1));
        await SubmitAsync(Ann, 30, "bad.job", delay: TimeSpan.FromHours(1));

        var result = await BulkAsync(Ann, BulkAction.Cancel, "type:sure.job");

        Assert.Equal("""{"matched":450,"done":450,"skipped":0,"failed":0}""", result);
        Assert.Equal(450, await CountAsync(Ann, "status:canceled"));
        Assert.Equal(30, await CountAsync(Ann, "status:scheduled"));
    }

    [Fact]
    public async Task A_caller_reaches_only_what_it_sees()
    {
        await _host.StartAsync();
        var bob = new JobCaller("acme", "bob");
        await SubmitAsync(Ann, 3, "sure.job", delay: TimeSpan.FromHours(1));
        await SubmitAsync(bob, 4, "sure.job", delay: TimeSpan.FromHours(1));
        await SubmitAsync(new JobCaller("other", "ann"), 5, "sure.job", delay: TimeSpan.FromHours(1));

        Assert.Equal("""{"matched":3,"done":3,"skipped":0,"failed":0}""", await BulkAsync(Ann, BulkAction.Cancel, "type:sure.job"));
        Assert.Equal(4, await CountAsync(bob, "status:scheduled"));

        Assert.Equal("""{"matched":7,"done":4,"skipped":3,"failed":0}""", await BulkAsync(Ann with { SeesAll = true }, BulkAction.Cancel, "type:sure.job"));
    }

    [Fact]
    public async Task Retrying_does_not_chase_the_jobs_that_it_makes()
    {
        await _host.StartAsync();
        await SubmitAsync(Ann, 5, "bad.job");
        await UntilAsync(Ann, "status:failed", 5);

        Assert.Equal("""{"matched":5,"done":5,"skipped":0,"failed":0}""", await BulkAsync(Ann, BulkAction.Retry, "type:bad.job"));

        await UntilAsync(Ann, "status:failed", 10);
    }

    [Fact]
    public async Task An_attempt_that_begins_anew_retries_no_job_twice()
    {
        await _host.StartAsync();
        await SubmitAsync(Ann, 5, "bad.job");
        await UntilAsync(Ann, "status:failed", 5);
        await using var handler = Registered.With(errand =>
        {
            errand.AddBulkActions();
            errand.Services.AddSingleton(_host.Services.GetRequiredService<IJobClients>());
        });
        var context = new FakeContext { Json = Encoding.UTF8.GetString(Bulk(Ann, BulkAction.Retry, "type:bad.job").ToJson()) };

        var first = Assert.IsType<JobOutcome.Succeeded>(await handler.RunAsync(context));
        var second = Assert.IsType<JobOutcome.Succeeded>(await handler.RunAsync(context));

        Assert.Equal("""{"matched":5,"done":5,"skipped":0,"failed":0}""", Encoding.UTF8.GetString(first.Result.Span));
        Assert.Equal(first.Result.ToArray(), second.Result.ToArray());
        Assert.Equal(10, await CountAsync(Ann, "type:bad.job"));
        await handler.RunAsync(new FakeContext { Json = context.Json });
        Assert.Equal(15, await CountAsync(Ann, "type:bad.job"));
    }

    [Fact]
    public void A_retry_is_named_after_its_action_and_job_and_lies_where_the_job_does()
    {
        var (action, job) = (JobId.New(DateTimeOffset.UnixEpoch), JobId.New(DateTimeOffset.UnixEpoch, 0xABC));

        var id = RetryIds.Of(action, job);

        Assert.Equal(id, RetryIds.Of(action, job));
        Assert.Equal((0xABC, 8, 2), (id.Shard, id.Value.Version, id.Value.Variant >> 2));
        Assert.Equal(3, new[] { id, RetryIds.Of(job, job), RetryIds.Of(action, action) }.Distinct().Count());
    }

    [Fact]
    public async Task Deleting_skips_what_is_not_finished()
    {
        await _host.StartAsync();
        await SubmitAsync(Ann, 6, "sure.job");
        await SubmitAsync(Ann, 2, "sure.job", delay: TimeSpan.FromHours(1));
        await UntilAsync(Ann, "status:succeeded", 6);

        Assert.Equal("""{"matched":8,"done":6,"skipped":2,"failed":0}""", await BulkAsync(Ann, BulkAction.Delete, "type:sure.job"));
        Assert.Equal(0, await CountAsync(Ann, "status:succeeded"));
    }

    [Theory]
    [InlineData("null"), InlineData("""{"action":"cancel"}"""), InlineData("[]")]
    public async Task An_input_that_is_not_ours_fails_the_job_for_good(string input)
    {
        await using var handler = Registered.With(errand =>
        {
            errand.AddBulkActions();
            errand.Services.AddSingleton(_host.Services.GetRequiredService<IJobClients>());
        });

        var error = Assert.IsType<JobOutcome.Failed>(await handler.RunAsync(new FakeContext { Json = input })).Error;

        Assert.Equal((JobErrorCodes.InputUnreadable, false), (error.Code, error.Retryable));
    }

    private IJobClient Jobs(JobCaller caller) => _host.Services.GetRequiredService<IJobClients>().For(caller);

    private async Task SubmitAsync(JobCaller caller, int count, string type, TimeSpan? delay = null) =>
        await Jobs(caller).SubmitManyAsync([.. Enumerable.Repeat(new JobSubmission { Type = type, Input = "1"u8.ToArray(), Delay = delay }, count)], atomic: true);

    private BulkJob Bulk(JobCaller caller, BulkAction action, string filter)
    {
        var asOf = _host.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddTicks(1);
        return new BulkJob { Action = action, Filter = filter, AsOf = asOf, Tenant = caller.Tenant, Subject = caller.Subject, SeesAll = caller.SeesAll };
    }

    private async Task<string> BulkAsync(JobCaller caller, BulkAction action, string filter)
    {
        var bulk = Bulk(caller, action, filter);
        var system = Jobs(JobCaller.System(caller.Tenant));
        var submitted = await system.SubmitAsync(new JobSubmission { Type = BulkJob.TypeName, Input = bulk.ToJson() });
        var job = (await system.WaitAsync(submitted.Job.Head.Id, TimeSpan.FromSeconds(20), parts: JobParts.Result)).Job!;
        Assert.Equal(JobState.Succeeded, job.Head.State);
        return Encoding.UTF8.GetString(job.Result!.Body.Span);
    }

    private async Task<int> CountAsync(JobCaller caller, string filter)
    {
        Assert.True(JobFilterParser.TryParse(filter, default, out var parsed, out _));
        var count = 0;
        Storage.JobPage page;
        Storage.JobCursor? after = null;
        do
        {
            page = await Jobs(caller).ListAsync(parsed, after: after, limit: 200);
            count += page.Jobs.Count(job => job.Head.Type != BulkJob.TypeName);
            after = page.Next;
        }
        while (after is not null);
        return count;
    }

    private async Task UntilAsync(JobCaller caller, string filter, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        while (await CountAsync(caller, filter) < count) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        Assert.Equal(count, await CountAsync(caller, filter));
    }
}

using Errand.Storage;
using Errand.Storage.Memory;

namespace Errand.Submits;

public sealed class BackpressureTests
{
    private static readonly JobSubmission Work = new() { Type = "work" };

    [Fact]
    public async Task A_submit_that_waits_a_second_for_a_slow_store_is_refused_and_reads_are_not()
    {
        await using var engine = await Engine.StartAsync(options: options => options.OutstandingSubmits = 2);
        var first = await engine.SubmitAsync();
        TaskCompletionSource slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Faults.Before = (verb, _) => verb == StorageVerb.Submit ? new ValueTask(slow.Task) : ValueTask.CompletedTask;

        var inside = Enumerable.Range(0, 2).Select(_ => engine.Client.SubmitAsync(Work).AsTask()).ToList();
        var outside = engine.Client.SubmitAsync(Work).AsTask();
        Assert.NotNull((await engine.Client.FindAsync(first.Head.Id)).Job);
        Assert.False(outside.IsCompleted);
        engine.Time.Advance(TimeSpan.FromSeconds(1.1));
        var refused = await Assert.ThrowsAsync<JobProblemException>(() => outside);
        Assert.Equal(JobProblems.ReducedCapacity, refused.Problem.Name);
        Assert.NotNull(refused.Problem.RetryAfter);

        slow.SetResult();
        await Task.WhenAll(inside);
        await engine.Client.SubmitAsync(Work);
        Assert.Equal(4, (await engine.Client.ListAsync(JobFilter.All)).Jobs.Count);
    }

    [Fact]
    public async Task A_submit_that_waited_less_gets_in_when_there_is_room()
    {
        await using var engine = await Engine.StartAsync(options: options => options.OutstandingSubmits = 1);
        TaskCompletionSource slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Faults.Before = (verb, _) => verb == StorageVerb.Submit ? new ValueTask(slow.Task) : ValueTask.CompletedTask;
        var first = engine.Client.SubmitAsync(Work).AsTask();
        var second = engine.Client.SubmitAsync(Work).AsTask();
        engine.Time.Advance(TimeSpan.FromSeconds(0.5));
        slow.SetResult();
        Assert.NotEqual((await first).Job.Head.Id, (await second).Job.Head.Id);
    }

    [Fact]
    public async Task A_waiting_submit_that_is_given_up_leaves_no_trace()
    {
        await using var engine = await Engine.StartAsync(options: options => options.OutstandingSubmits = 1);
        TaskCompletionSource slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Faults.Before = (verb, _) => verb == StorageVerb.Submit ? new ValueTask(slow.Task) : ValueTask.CompletedTask;
        var first = engine.Client.SubmitAsync(Work).AsTask();
        using var stop = new CancellationTokenSource();
        var second = engine.Client.SubmitAsync(Work, cancellationToken: stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        slow.SetResult();
        await first;
        await engine.Client.SubmitAsync(Work);
        Assert.Equal(2, (await engine.Client.ListAsync(JobFilter.All)).Jobs.Count);
    }

    [Fact]
    public async Task A_full_store_is_a_problem_of_its_own()
    {
        await using var engine = await Engine.StartAsync();
        engine.Faults.Before = (verb, _) => verb == StorageVerb.Submit ? throw new StorageException(StorageFault.Full, "Full.") : ValueTask.CompletedTask;
        var refused = await Assert.ThrowsAsync<JobProblemException>(async () => await engine.Client.SubmitAsync(Work));
        Assert.Equal(JobProblems.StoreFull, refused.Problem.Name);
    }

    [Fact]
    public async Task A_submit_of_unknown_outcome_names_the_job_and_can_be_sent_again()
    {
        await using var engine = await Engine.StartAsync();
        engine.Faults.After = verb => verb == StorageVerb.Submit ? throw new OutcomeUnknownException("Lost.") : ValueTask.CompletedTask;
        var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await engine.Client.SubmitAsync(Work));
        Assert.Contains(unknown.Job!.Value.ToString(), unknown.Message, StringComparison.Ordinal);
        engine.Faults.After = null;
        Assert.NotNull((await engine.Client.FindAsync(unknown.Job.Value)).Job);
    }
}

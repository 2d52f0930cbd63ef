using Errand.Storage;
using Errand.Work;

namespace Errand.Worker.Tests;

public sealed class SettlingTests : IAsyncDisposable
{
    private readonly WorkerHarness _harness = new();

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task Outcomes_are_kept_while_the_store_is_away()
    {
        var tries = 0;
        _harness.Source.Settle = batch =>
            Interlocked.Increment(ref tries) <= 5 ? throw new StorageException(StorageFault.Unavailable, "away") : [.. batch.Select(_ => true)];
        await _harness.Handle((_, _) => new(JobOutcome.Succeeded.Empty)).StartAsync();
        var job = _harness.Source.Submit();

        var settled = await _harness.AdvanceUntilAsync(_harness.Source.Settled.Reader.ReadAsync().AsTask(), TimeSpan.FromSeconds(1));

        Assert.Equal(job.Head.Id, settled.Ticket.Key.Id);
        Assert.Equal(6, tries);
    }

    [Fact]
    public async Task Outcomes_that_gather_while_one_is_written_go_together()
    {
        using var first = new ManualResetEventSlim();
        var sizes = new List<int>();
        _harness.Source.Settle = batch =>
        {
            sizes.Add(batch.Count);
            if (sizes.Count is 1) first.Wait();
            return [.. batch.Select(_ => true)];
        };
        var ran = new CountdownEvent(101);
        await _harness.Handle((_, _) =>
        {
            ran.Signal();
            return new(JobOutcome.Succeeded.Empty);
        }).StartAsync();
        for (var i = 0; i < 101; i++) _harness.Source.Submit();
        Assert.True(ran.Wait(TimeSpan.FromSeconds(20)));
        first.Set();
        await _harness.StopAsync();

        Assert.Equal(101, sizes.Sum());
        Assert.True(sizes.Count <= 3, $"{sizes.Count} reports for 101 outcomes");
    }

    [Fact]
    public async Task A_refused_outcome_stops_nothing()
    {
        _harness.Source.Settle = batch => [.. batch.Select(_ => false)];
        await _harness.Handle((_, _) => new(JobOutcome.Succeeded.Empty)).StartAsync();
        _harness.Source.Submit();
        await _harness.SettledAsync();
        _harness.Source.Submit();

        await _harness.SettledAsync();
    }

    [Fact]
    public async Task An_outcome_that_cannot_be_stored_fails_its_own_job_only()
    {
        _harness.Source.Settle = batch =>
            batch.Any(s => s.Outcome is JobOutcome.Succeeded { Result.Length: > 0 })
                ? throw new InvalidOperationException("this result breaks the engine")
                : [.. batch.Select(_ => true)];
        await _harness.Handle((context, _) => new(new JobOutcome.Succeeded(context.Input.Json))).StartAsync();
        var bad = _harness.Source.Submit(input: "1");
        var good = _harness.Source.Submit();

        var settled = new[] { await _harness.SettledAsync(), await _harness.SettledAsync() };

        Assert.IsType<JobOutcome.Failed>(settled.Single(s => s.Ticket.Key.Id == bad.Head.Id).Outcome);
        Assert.IsType<JobOutcome.Succeeded>(settled.Single(s => s.Ticket.Key.Id == good.Head.Id).Outcome);
    }

    [Fact]
    public async Task An_outcome_that_is_tried_alone_is_kept_too_while_the_store_is_away()
    {
        var tries = 0;
        _harness.Source.Settle = batch => Interlocked.Increment(ref tries) switch
        {
            1 => throw new InvalidOperationException("this batch breaks the engine"),
            <= 4 => throw new StorageException(StorageFault.Unavailable, "away"),
            _ => [.. batch.Select(_ => true)],
        };
        await _harness.Handle((_, _) => new(JobOutcome.Succeeded.Empty)).StartAsync();
        _harness.Source.Submit();

        var settled = await _harness.AdvanceUntilAsync(_harness.Source.Settled.Reader.ReadAsync().AsTask(), TimeSpan.FromSeconds(1));

        Assert.IsType<JobOutcome.Succeeded>(settled.Outcome);
        Assert.Equal(5, tries);
    }
}

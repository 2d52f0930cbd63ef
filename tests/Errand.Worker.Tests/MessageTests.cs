using Errand.Storage;

namespace Errand.Worker.Tests;

public sealed class MessageTests : IAsyncDisposable
{
    private readonly WorkerHarness _harness = new();

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task A_million_lines_are_written_in_order_in_large_batches()
    {
        var batches = 0;
        var next = 0;
        var largest = 0;
        _harness.Source.Append = lines =>
        {
            batches++;
            largest = Math.Max(largest, lines.Count);
            foreach (var line in lines) Assert.Equal(next++.ToString(), line.Text);
        };
        await _harness.Handle(async (context, token) =>
        {
            for (var i = 0; i < 1_000_000; i++) await context.LogAsync(JobSeverity.Info, i.ToString(), cancellationToken: token);
            return JobOutcome.Succeeded.Empty;
        }).StartAsync();
        _harness.Source.Submit();

        Assert.IsType<JobOutcome.Succeeded>((await _harness.SettledAsync()).Outcome);

        Assert.Equal(1_000_000, next);
        Assert.InRange(largest, 1, 1000);
        Assert.InRange(batches, 1000, 100_000);
    }

    [Fact]
    public async Task A_few_lines_appear_after_100_ms_although_the_handler_goes_on()
    {
        var said = new TaskCompletionSource();
        var written = new TaskCompletionSource<string>();
        var go = new TaskCompletionSource();
        _harness.Source.Append = lines => written.SetResult(lines[0].Text);
        await _harness.Handle(async (context, _) =>
        {
            await context.LogAsync(JobSeverity.Info, "still here", cancellationToken: CancellationToken.None);
            said.SetResult();
            await go.Task;
            return JobOutcome.Succeeded.Empty;
        }).StartAsync();
        _harness.Source.Submit();
        await WorkerHarness.Within(said.Task);
        Assert.False(written.Task.IsCompleted);

        _harness.Clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal("still here", await WorkerHarness.Within(written.Task));
        go.SetResult();
    }

    [Fact]
    public async Task Lines_that_the_store_refuses_do_not_cost_the_outcome()
    {
        _harness.Source.Append = _ => throw new StorageException(StorageFault.Full, "full");
        await _harness.Handle(async (context, token) =>
        {
            await context.LogAsync(JobSeverity.Info, "lost", cancellationToken: token);
            return JobOutcome.Succeeded.Empty;
        }).StartAsync();
        _harness.Source.Submit();

        var settled = await _harness.AdvanceUntilAsync(_harness.Source.Settled.Reader.ReadAsync().AsTask(), TimeSpan.FromSeconds(1));

        Assert.IsType<JobOutcome.Succeeded>(settled.Outcome);
    }
}

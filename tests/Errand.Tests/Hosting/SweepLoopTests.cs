using Errand.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Errand.Hosting;

public sealed class SweepLoopTests
{
    [Fact]
    public async Task An_outage_is_told_when_it_begins_when_it_changes_and_when_it_is_over()
    {
        var time = new FakeTimeProvider();
        var log = new Ids();
        var sweep = new FailingSweep([
            null,
            new StorageException(StorageFault.Unavailable, "timed out"),
            new StorageException(StorageFault.Unavailable, "the connection was refused"),
            new StorageException(StorageFault.Full, "no room"),
            new StorageException(StorageFault.Full, "no room"),
            null,
            null,
            new InvalidOperationException("a defect")]);
        await using var loop = new SweepLoop([sweep], time, log);

        loop.Start();
        while (!sweep.Done.IsCompleted)
        {
            time.Advance(sweep.Every);
            await Task.Yield();
        }

        await loop.StopAsync();

        Assert.Equal([1101, 1101, 1102, 1101], log.Seen);
    }

    /// <summary>Round by round, fails of what it is given, and of nothing where that is null.</summary>
    private sealed class FailingSweep(Exception?[] rounds) : ISweep
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _round;

        public Task Done => _done.Task;

        public string Name => "test";

        public TimeSpan Every => TimeSpan.FromSeconds(1);

        public ValueTask SweepAsync(CancellationToken cancellationToken)
        {
            if (_round >= rounds.Length) return ValueTask.CompletedTask;
            var outcome = rounds[_round++];
            if (_round == rounds.Length) _done.SetResult();
            return outcome is null ? ValueTask.CompletedTask : ValueTask.FromException(outcome);
        }
    }

    /// <summary>Keeps the ids of what is logged.</summary>
    private sealed class Ids : ILogger<SweepLoop>
    {
        public List<int> Seen { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Seen.Add(eventId.Id);
    }
}

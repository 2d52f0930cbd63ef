using Errand.Storage;
using Microsoft.Extensions.Logging;

namespace Errand.Hosting;

/// <summary>
/// Runs the sweeps, each at its own pace, from the start of the host to its end. One timer wakes for all of them: an idle server wakes twice a second, not once for each.
/// </summary>
internal sealed partial class SweepLoop(IEnumerable<ISweep> sweeps, TimeProvider time, ILogger<SweepLoop> logger) : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Task.Run(RunAsync);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>
    /// After a start that failed nobody says <see cref="StopAsync"/>: the container, which ends what was made last first, waits here for the
    /// sweeps before it closes the store under them.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
    }

    /// <summary>Tells the sweeps to stop, and does not wait: a container that is disposed without await may not block.</summary>
    public void Dispose() => _stop.Cancel();

    private async Task RunAsync()
    {
        var turns = sweeps.Select(sweep => new Turn(sweep)).ToList();
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            do
            {
                foreach (var turn in turns.Where(turn => turn.Begins(time))) turn.Running = BeginAsync(turn);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }

        await Task.WhenAll(turns.Select(turn => turn.Running));
    }

    /// <summary>What comes often is short, and runs here up to its first wait; what comes rarely may take long, and holds nobody up.</summary>
    private Task BeginAsync(Turn turn) => turn.Sweep.Every > TimeSpan.FromSeconds(1) ? Task.Run(() => OnceAsync(turn)) : OnceAsync(turn);

    /// <summary>A store that is away fails every sweep every second, for as long as that takes: it is told of when it begins and when it is over.</summary>
    private async Task OnceAsync(Turn turn)
    {
        try
        {
            await turn.Sweep.SweepAsync(_stop.Token);
            if (turn.Trouble is not null) SweepWorks(logger, turn.Sweep.Name);
            turn.Trouble = null;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception e)
        {
            var trouble = e is StorageException storage ? storage.Fault.ToString() : e.Message;
            if (turn.Trouble != trouble) SweepFailed(logger, turn.Sweep.Name, turn.Sweep.Every, e);
            turn.Trouble = trouble;
        }
    }

    [LoggerMessage(1101, LogLevel.Error, "The sweep of {Sweep} failed; it comes again every {Every}.")]
    private static partial void SweepFailed(ILogger logger, string sweep, TimeSpan every, Exception exception);

    [LoggerMessage(1102, LogLevel.Information, "The sweep of {Sweep} works again.")]
    private static partial void SweepWorks(ILogger logger, string sweep);

    /// <summary>A sweep, and when it comes next. A round that takes longer than the pause is not begun twice.</summary>
    private sealed class Turn(ISweep sweep)
    {
        private long? _last;

        public ISweep Sweep => sweep;

        public Task Running { get; set; } = Task.CompletedTask;

        /// <summary>What its last round failed of; null when it did not.</summary>
        public string? Trouble { get; set; }

        public bool Begins(TimeProvider time)
        {
            // Ticks are never exact: half of one is near enough.
            if (!Running.IsCompleted || (_last is { } last && time.GetElapsedTime(last) < sweep.Every - (Tick / 2))) return false;
            _last = time.GetTimestamp();
            return true;
        }
    }
}

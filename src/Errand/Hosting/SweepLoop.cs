using Microsoft.Extensions.Logging;

namespace Errand.Hosting;

/// <summary>Runs the sweeps, each at its own pace, from the start of the host to its end.</summary>
internal sealed partial class SweepLoop(IEnumerable<ISweep> sweeps, TimeProvider time, ILogger<SweepLoop> logger) : IAsyncDisposable, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Task.WhenAll(sweeps.Select(sweep => Task.Run(() => RunAsync(sweep))));

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

    private async Task RunAsync(ISweep sweep)
    {
        using var timer = new PeriodicTimer(sweep.Every, time);
        try
        {
            do
            {
                await OnceAsync(sweep);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async ValueTask OnceAsync(ISweep sweep)
    {
        try
        {
            await sweep.SweepAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception e)
        {
            SweepFailed(logger, sweep.Name, sweep.Every, e);
        }
    }

    [LoggerMessage(1101, LogLevel.Error, "The sweep of {Sweep} failed; it comes again in {Every}.")]
    private static partial void SweepFailed(ILogger logger, string sweep, TimeSpan every, Exception exception);
}

using Microsoft.Extensions.Logging;

namespace Errand.Hosting;

/// <summary>Runs the sweeps, each at its own pace, from the start of the host to its end.</summary>
internal sealed partial class SweepLoop(IEnumerable<ISweep> sweeps, TimeProvider time, ILogger<SweepLoop> logger) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Task.WhenAll(sweeps.Select(sweep => Task.Run(() => RunAsync(sweep))));

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public void Dispose() => _stop.Dispose();

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

using Errand.Storage;
using Microsoft.Extensions.Hosting;

namespace Errand.Testing.Stage;

/// <summary>Moves jobs whose time has come although nobody looks: for a server that people watch past the vendors' wires.</summary>
internal sealed class CourseClock(Plays plays, TimeProvider time, TimeSpan every) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var play in plays.All) await CatchUpAsync(play, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private static async Task CatchUpAsync(Play play, CancellationToken cancellationToken)
    {
        try
        {
            await play.CatchUpAsync(cancellationToken);
        }
        catch (StorageException)
        {
            // The store is busy; the next tick, or whoever looks, tries again.
        }
    }
}

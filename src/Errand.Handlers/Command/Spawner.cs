using System.Collections.Concurrent;
using System.Diagnostics;

namespace Errand.Handlers;

/// <summary>
/// Starts processes from one lasting thread. The death signal of a child fires when the thread that spawned it ends, and threads of the
/// pool end when it shrinks.
/// </summary>
internal sealed class Spawner : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> _orders = [];

    public Spawner() => new Thread(Work) { IsBackground = true, Name = "errand spawn" }.Start();

    public Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _orders.Add((start, started));
        return started.Task;
    }

    public void Dispose() => _orders.CompleteAdding();

    private void Work()
    {
        foreach (var (start, started) in _orders.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        }
    }
}

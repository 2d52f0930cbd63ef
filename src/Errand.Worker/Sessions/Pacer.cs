namespace Errand.Worker;

/// <summary>
/// Makes a dedicated thread wait. On the system's clock it waits by itself, since timers call back on the thread pool, and a starved
/// pool is what the thread is there to survive. Another clock (tests) wakes it by its timer.
/// </summary>
internal sealed class Pacer(TimeProvider time) : IDisposable
{
    private readonly ManualResetEventSlim _stopped = new();

    /// <summary>Waits; false when it was stopped instead.</summary>
    public bool Wait(TimeSpan duration)
    {
        if (duration <= TimeSpan.Zero) return !_stopped.IsSet;
        if (ReferenceEquals(time, TimeProvider.System)) return !_stopped.Wait(duration);
        using var due = new ManualResetEvent(initialState: false);
        using var timer = time.CreateTimer(static state => Wake((ManualResetEvent)state!), due, duration, Timeout.InfiniteTimeSpan);
        return WaitHandle.WaitAny([_stopped.WaitHandle, due]) is 1;
    }

    public void Stop() => _stopped.Set();

    public void Dispose() => _stopped.Dispose();

    private static void Wake(ManualResetEvent due)
    {
        try
        {
            due.Set();
        }
        catch (ObjectDisposedException)
        {
            // The timer fired while the wait was being stopped.
        }
    }
}

namespace Errand.ForeignClients.Tests;

/// <summary>
/// Holds a server's jobs until a client has polled twice, so that it has certainly seen one that was not done; no test waits for a time to pass.
/// </summary>
internal sealed class PollGate
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int polls;

    /// <summary>Completes at the second poll.</summary>
    public Task Opened => opened.Task;

    /// <summary>Counts a poll.</summary>
    public void Count()
    {
        if (Interlocked.Increment(ref polls) == 2) Open();
    }

    /// <summary>Lets the jobs go on without polls.</summary>
    public void Open() => opened.TrySetResult();
}

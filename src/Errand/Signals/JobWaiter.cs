namespace Errand.Signals;

/// <summary>One long poll or watch of one job. Dispose it to stop being told.</summary>
internal sealed class JobWaiter(JobWaiters waiters, JobKey key, bool untilFinished) : Pulse, IDisposable
{
    public JobKey Key => key;

    /// <summary>What the owner has seen of the job; nothing older wakes it.</summary>
    public JobRevision Seen { get; set; }

    internal JobWaiter? Previous { get; set; }

    internal JobWaiter? Next { get; set; }

    public void Changed(long version, bool finished)
    {
        if (finished || (!untilFinished && version > Seen.Version)) Set();
    }

    public void Progressed(long sequence)
    {
        if (!untilFinished && sequence > Seen.Progress) Set();
    }

    public void Dispose() => waiters.Remove(this);
}

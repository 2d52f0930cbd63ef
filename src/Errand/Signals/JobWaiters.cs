namespace Errand.Signals;

/// <summary>
/// Who waits for which job, in the memory of this node. Told of every commit that this node makes, and by hints of those that others
/// make; what no hint tells is found by <see cref="WaiterPoll"/>, on which correctness rests.
/// </summary>
internal sealed class JobWaiters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<JobKey, JobWaiter> _firstByJob = [];
    private volatile int _jobs;

    /// <summary>Begins to listen; do it before reading the job, so that no change falls between.</summary>
    public JobWaiter Add(JobKey key, bool untilFinished)
    {
        var waiter = new JobWaiter(this, key, untilFinished);
        lock (_gate)
        {
            if (_firstByJob.TryGetValue(key, out var first))
            {
                waiter.Next = first;
                first.Previous = waiter;
            }

            _firstByJob[key] = waiter;
            _jobs = _firstByJob.Count;
        }

        return waiter;
    }

    public void Changed(JobHead head) => Changed(head.Key, head.Version, head.State.IsTerminal());

    public void Changed(JobKey key, long version, bool finished)
    {
        if (_jobs == 0) return;
        lock (_gate)
        {
            for (var waiter = First(key); waiter is not null; waiter = waiter.Next) waiter.Changed(version, finished);
        }
    }

    public void Progressed(JobKey key, long sequence)
    {
        if (_jobs == 0) return;
        lock (_gate)
        {
            for (var waiter = First(key); waiter is not null; waiter = waiter.Next) waiter.Progressed(sequence);
        }
    }

    /// <summary>The jobs that are waited for.</summary>
    public JobKey[] Jobs()
    {
        if (_jobs == 0) return [];
        lock (_gate) return [.. _firstByJob.Keys];
    }

    internal void Remove(JobWaiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Next is { } next) next.Previous = waiter.Previous;
            if (waiter.Previous is { } previous) previous.Next = waiter.Next;
            else if (First(waiter.Key) == waiter) ReplaceFirst(waiter.Key, waiter.Next);
            waiter.Previous = waiter.Next = null;
            _jobs = _firstByJob.Count;
        }
    }

    private JobWaiter? First(JobKey key) => _firstByJob.GetValueOrDefault(key);

    private void ReplaceFirst(JobKey key, JobWaiter? next)
    {
        if (next is null) _firstByJob.Remove(key);
        else _firstByJob[key] = next;
    }
}

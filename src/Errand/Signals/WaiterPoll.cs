using Errand.Hosting;
using Errand.Storage;

namespace Errand.Signals;

/// <summary>
/// The floor under all waits: reads waited-for jobs again, since a signal may be lost and another node's commits are not heard of. A
/// thousand jobs a round, taking turns, so that many waiters cost a bounded number of reads.
/// </summary>
internal sealed class WaiterPoll(IJobStorage storage, JobWaiters waiters) : ISweep
{
    private const int JobsPerRound = 1_000;
    private int _next;

    public string Name => "waiters";

    public TimeSpan Every => TimeSpan.FromSeconds(1.5);

    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var jobs = waiters.Jobs();
        for (var i = 0; i < Math.Min(jobs.Length, JobsPerRound); i++)
        {
            _next = (_next + 1) % jobs.Length;
            var found = await storage.Jobs.FindAsync(jobs[_next], JobParts.Status, cancellationToken);
            if (found.Job is not { } job) continue;
            waiters.Changed(job.Head);
            if (job.Progress is { } progress) waiters.Progressed(job.Head.Key, progress.Sequence);
        }
    }
}

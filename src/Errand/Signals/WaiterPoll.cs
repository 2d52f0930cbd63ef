using Errand.Hosting;
using Errand.Storage;

namespace Errand.Signals;

/// <summary>
/// The floor under all waits: reads waited-for jobs again, since a signal or a hint may be lost. A
/// thousand jobs a round, taking turns, so that many waiters cost a bounded number of reads.
/// </summary>
internal sealed class WaiterPoll(IJobStorage storage, JobWaiters waiters) : ISweep
{
    private const int JobsPerRound = 1_000;
    private const int JobsAtOnce = 250;
    private int _next;

    public string Name => "waiters";

    public TimeSpan Every => TimeSpan.FromSeconds(1);

    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var jobs = waiters.Jobs();
        var round = new JobKey[Math.Min(jobs.Length, JobsPerRound)];
        for (var i = 0; i < round.Length; i++)
        {
            _next = (_next + 1) % jobs.Length;
            round[i] = jobs[_next];
        }

        // Reads that are asked for together travel together.
        foreach (var together in round.Chunk(JobsAtOnce))
        {
            foreach (var found in await Task.WhenAll(together.Select(key => FindAsync(key, cancellationToken)))) Tell(found);
        }
    }

    private Task<JobLookup> FindAsync(JobKey key, CancellationToken cancellationToken) =>
        storage.Jobs.FindAsync(key, JobParts.Status, cancellationToken).AsTask();

    private void Tell(JobLookup found)
    {
        if (found.Job is not { } job) return;
        waiters.Changed(job.Head);
        if (job.Progress is { } progress) waiters.Progressed(job.Head.Key, progress.Sequence);
    }
}

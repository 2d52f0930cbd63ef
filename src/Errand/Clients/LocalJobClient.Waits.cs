using System.Runtime.CompilerServices;
using Errand.Storage;

namespace Errand.Clients;

/// <summary>Long polls and event streams: listen first, then read, then sleep until told.</summary>
internal sealed partial class LocalJobClient
{
    public async ValueTask<JobLookup> WaitAsync(
        JobId id, TimeSpan timeout, JobRevision? changedSince = null, JobParts jobParts = JobParts.Status,
        CancellationToken cancellationToken = default)
    {
        using var waiter = parts.Waiters.Add(new JobKey(caller.Tenant, id), untilFinished: changedSince is null);
        var began = parts.Time.GetTimestamp();
        while (true)
        {
            var found = await _reader.FindAsync(id, jobParts, cancellationToken);
            if (found.Job is not { } job || job.Head.State.IsTerminal()) return found;
            var now = parts.Time.GetUtcNow();
            waiter.Seen = job.RevisionAt(now);
            if (changedSince?.IsBefore(waiter.Seen) == true) return found;
            var left = timeout - parts.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) return found;

            parts.Alarms.Arm(
                waiter, changedSince is not null && waiter.Seen.Scheduled && job.Head.DueAt - now < left ? job.Head.DueAt - now : left);
            await waiter.WaitAsync(cancellationToken);
        }
    }

    public async IAsyncEnumerable<JobEvent> WatchAsync(
        JobId id, JobRevision? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var waiter = parts.Waiters.Add(new JobKey(caller.Tenant, id), untilFinished: false);
        var job = (await _reader.GetAsync(id, JobParts.Status, cancellationToken)).For(caller);
        var given = after;
        Job? before = null;
        while (true)
        {
            var now = parts.Time.GetUtcNow();
            var revision = job.RevisionAt(now);
            if (given is not { } last || last.IsBefore(revision))
            {
                yield return JobEvents.Between(before, job, revision, now);
                given = revision;
            }

            before = job;
            if (job.Head.State.IsTerminal()) yield break;
            waiter.Seen = revision;
            if (revision.Scheduled) parts.Alarms.Arm(waiter, job.Head.DueAt - now);
            await waiter.WaitAsync(cancellationToken);
            var found = await _reader.FindAsync(id, JobParts.Status, cancellationToken);
            if (found.Job is null) yield break;
            job = found.Job;
        }
    }

    public async IAsyncEnumerable<JobEvent> WatchAllAsync(
        JobFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var follower = parts.Feed.Follow(caller.Tenant, parts.Time.GetUtcNow());
        GivenVersions given = new();
        await foreach (var head in follower.ReadAllAsync(cancellationToken))
        {
            if (!caller.Sees(head.Tenant, head.Owner) || !JobMatch.Matches(filter, head) || given.Has(head.Id, head.Version)) continue;
            var found = await _reader.FindAsync(head.Id, JobParts.Status, cancellationToken);
            var now = parts.Time.GetUtcNow();
            if (found.Job is not { } job || !JobMatch.Matches(filter, job, now) || !given.Add(job.Head.Id, job.Head.Version)) continue;
            yield return JobEvents.Between(null, job, job.RevisionAt(now), now) with { Kind = JobEvents.Word(job.Head, now) };
        }
    }
}

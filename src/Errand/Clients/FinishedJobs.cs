using System.Collections.Concurrent;
using Errand.Storage;

namespace Errand.Clients;

/// <summary>
/// Finished jobs that were read lately: they never change again, and clients ask for the same ones in crowds. Who may see one is decided anew for each caller. What this node purges is
/// forgotten before the purge is acknowledged; what another node purges, within a second, because nothing is told for longer without a look at the store.
/// </summary>
internal sealed class FinishedJobs(TimeProvider time)
{
    private const long BytesMax = 16L << 20;

    /// <summary>What a job without a result takes, roughly.</summary>
    private const int JobBytes = 1_024;

    private static readonly TimeSpan ToldFor = TimeSpan.FromMilliseconds(900);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Asked, Known> _known = new();
    private long _bytes;
    private long _purges;

    /// <summary>The job as it was read less than a second ago; null when it was not, or is not finished.</summary>
    public Known? Find(JobKey key, JobParts parts) =>
        _known.TryGetValue(new Asked(key, parts), out var known) && time.GetElapsedTime(known.ReadAt) < ToldFor ? known : null;

    /// <summary>Take it before reading, and give it to <see cref="Keep"/>: what is purged meanwhile is not kept.</summary>
    public Reading Begin() => new(time.GetTimestamp(), Volatile.Read(ref _purges));

    public void Keep(Job job, JobParts parts, Reading reading)
    {
        if (!job.Head.State.IsTerminal() || parts is not (JobParts.Status or JobParts.Result)) return;
        var bytes = JobBytes + (job.Result?.Body.Length ?? 0);
        if (bytes > BytesMax / 64) return;
        lock (_gate)
        {
            if (reading.Purges != _purges) return;
            if (_bytes + bytes > BytesMax) Clear();
            if (_known.TryAdd(new Asked(job.Head.Key, parts), new Known(job, job.Plain(), reading.At))) _bytes += bytes;
            else _known[new Asked(job.Head.Key, parts)] = new Known(job, job.Plain(), reading.At);
        }
    }

    /// <summary>One job was purged.</summary>
    public void Forget(JobKey key)
    {
        lock (_gate)
        {
            _purges++;
            _known.TryRemove(new Asked(key, JobParts.Status), out _);
            _known.TryRemove(new Asked(key, JobParts.Result), out _);
        }
    }

    /// <summary>Some jobs were purged, nobody says which; or none is worth its memory any more.</summary>
    public void ForgetAll()
    {
        lock (_gate)
        {
            _purges++;
            Clear();
        }
    }

    private void Clear()
    {
        _known.Clear();
        _bytes = 0;
    }

    /// <summary>A finished job, with exception texts and without.</summary>
    internal sealed record Known(Job Stored, Job Plain, long ReadAt);

    internal readonly record struct Reading(long At, long Purges);

    private readonly record struct Asked(JobKey Key, JobParts Parts);
}

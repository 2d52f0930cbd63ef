namespace Errand.Storage.Sqlite;

/// <summary>
/// Jobs that were read lately, as long as no row of theirs has changed since. SQLite itself tells the writer which rows it touches, whatever the statement; after each commit, and before anyone
/// hears of it, the numbers of the touched jobs move on. Only for the process that owns the store: nobody else changes jobs beside it.
/// </summary>
/// <remarks>
/// Jobs share 4,096 numbers, so now and then a job is read again though it did not change. A place is taken over by whoever was read last, which bounds the memory.
/// </remarks>
internal sealed class SeenJobs
{
    private const int Places = 4_096;

    /// <summary>Larger results are read each time: copying them is the small part.</summary>
    private const int ResultMax = 8 * 1_024;

    private readonly Seen?[] _places = new Seen?[Places];

    /// <summary>The commit after which a job with this number was last changed.</summary>
    private readonly long[] _changedBy = new long[Places];

    private readonly ulong[] _touched = new ulong[Places / 64];
    private long _commits = 1;

    /// <summary>The job if it is still as it was read.</summary>
    public Job? Find(JobKey key, JobParts parts) =>
        Volatile.Read(ref _places[PlaceOf(key)]) is { } seen && seen.Parts == parts && seen.Job.Head.Id == key.Id && seen.Job.Head.Tenant == key.Tenant
        && Volatile.Read(ref _changedBy[NumberOf(seen.Job.Head.Sequence)]) <= seen.After
            ? seen.Job
            : null;

    /// <summary>The latest commit that a read which begins now is sure to see.</summary>
    public long Begin() => Volatile.Read(ref _commits);

    public void Keep(JobKey key, JobParts parts, Job job, long after)
    {
        if (parts is not (JobParts.Status or JobParts.Result) || job.Result?.Body.Length > ResultMax) return;
        Volatile.Write(ref _places[PlaceOf(key)], new Seen(job, parts, after));
    }

    /// <summary>On the writer's thread: a row of the job is written within the open transaction.</summary>
    public void Touch(long sequence)
    {
        var number = NumberOf(sequence);
        _touched[number / 64] |= 1UL << (number % 64);
    }

    /// <summary>On the writer's thread: the transaction is over, however it ended.</summary>
    public void TransactionEnded()
    {
        var commit = _commits + 1;
        for (var word = 0; word < _touched.Length; word++)
        {
            for (var bits = _touched[word]; bits != 0; bits &= bits - 1)
            {
                Volatile.Write(ref _changedBy[(word * 64) + System.Numerics.BitOperations.TrailingZeroCount(bits)], commit);
            }

            _touched[word] = 0;
        }

        // Last: who reads this number before a read sees what this commit wrote, and what was read before stays older than the marks above.
        Volatile.Write(ref _commits, commit);
    }

    private static int PlaceOf(JobKey key) => key.Id.GetHashCode() & (Places - 1);

    private static int NumberOf(long sequence) => (int)(sequence & (Places - 1));

    private sealed record Seen(Job Job, JobParts Parts, long After);
}

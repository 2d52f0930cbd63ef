using Errand.Storage;

namespace Errand.Transactions;

/// <summary>
/// When to ask whether a transaction is over: soon at first, and the longer it is open the more rarely, so that a job waits for at most an eighth of what its transaction took, and a forgotten
/// transaction costs a question a second.
/// </summary>
internal sealed class EnlistmentWatch(Enlistment enlistment, IReadOnlyList<JobHead> jobs, TimeProvider time)
{
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(1);

    private readonly long _since = time.GetTimestamp();
    private long _asked = time.GetTimestamp();

    public Enlistment Enlistment => enlistment;

    /// <summary>What was written into it.</summary>
    public IReadOnlyList<JobHead> Jobs => jobs;

    /// <summary>True when it is time to ask; then it counts as asked.</summary>
    public bool IsDue
    {
        get
        {
            if (Rest > TimeSpan.Zero) return false;
            _asked = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>How long until it is time.</summary>
    public TimeSpan Rest
    {
        get
        {
            var pause = time.GetElapsedTime(_since, _asked) / 8;
            return (pause < Soonest ? Soonest : pause > Latest ? Latest : pause) - time.GetElapsedTime(_asked);
        }
    }
}

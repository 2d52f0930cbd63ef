namespace Errand.Storage.PostgreSql;

/// <summary>
/// From where a sweep walks along times, past the dead rows of what it removed before. Used only while there are many; and every ten seconds, or, where that
/// takes long, in a twentieth of the time, the walk begins at the front all the same, for what came late.
/// </summary>
internal sealed class WalkMark(TimeProvider time)
{
    /// <summary>From so many dead rows on a walk begins at the mark.</summary>
    public const long ManyDead = 20_000;

    private const int ShareOfTime = 20;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long _from = long.MinValue;
    private TimeSpan _took;
    private long _walkedAt = time.GetTimestamp();
    private bool _isUsed;

    public void See(long dead)
    {
        lock (_gate) (_isUsed, _from) = dead >= ManyDead ? (true, _from) : (false, long.MinValue);
    }

    /// <param name="walk">Walks from a time on, and tells the times of what it removes, the earliest first.</param>
    public async ValueTask<T> WalkAsync<T>(Func<long, ValueTask<(T Found, long? Last)>> walk)
    {
        var (from, since) = (From(), time.GetTimestamp());
        var (found, last) = await walk(from);
        lock (_gate)
        {
            if (from == long.MinValue) (_took, _walkedAt) = (time.GetElapsedTime(since), time.GetTimestamp());
            if (_isUsed && last > _from) _from = last.Value;
        }

        return found;
    }

    private long From()
    {
        lock (_gate)
        {
            var pause = _took * ShareOfTime;
            return time.GetElapsedTime(_walkedAt) >= (pause > Every ? pause : Every) ? long.MinValue : _from;
        }
    }
}

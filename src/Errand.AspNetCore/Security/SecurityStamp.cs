using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary>
/// The store's stamp, asked for at most once a second and only while requests come: an idle server does nothing. What was read under another stamp than the current one is read again.
/// </summary>
internal sealed class SecurityStamp(IJobStorage storage, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(900);

    private readonly Lock refreshing = new();
    private Task? poll;
    private long epoch;
    private long checkedAt = long.MinValue;
    private long current = -1;

    /// <summary>The stamp as last seen. Take it before reading, and keep it with what was read.</summary>
    public long Current => Volatile.Read(ref current);

    /// <summary>True while what was read under <see cref="Current"/> may be used without a look at the store.</summary>
    public bool IsFresh
    {
        get
        {
            var at = Volatile.Read(ref checkedAt);
            return at != long.MinValue && time.GetElapsedTime(at) < Freshness;
        }
    }

    /// <summary>Returns at once while the stamp is fresh; otherwise everyone waits for the same look at the store.</summary>
    public ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        if (IsFresh) return ValueTask.CompletedTask;
        lock (refreshing)
        {
            if (poll is null or { IsCompleted: true }) poll = PollAsync(epoch);
            return new ValueTask(poll.WaitAsync(cancellationToken));
        }
    }

    /// <summary>Makes the next reader look again, after this process has changed something itself.</summary>
    public void Expire()
    {
        lock (refreshing)
        {
            // A look that began before the change must not count as fresh.
            epoch++;
            poll = null;
            Volatile.Write(ref checkedAt, long.MinValue);
        }
    }

    private async Task PollAsync(long begun)
    {
        var now = time.GetTimestamp();
        var seen = await storage.Security.StampAsync(CancellationToken.None);
        lock (refreshing)
        {
            if (begun != epoch) return;
            Volatile.Write(ref current, seen);
            Volatile.Write(ref checkedAt, now);
        }
    }
}

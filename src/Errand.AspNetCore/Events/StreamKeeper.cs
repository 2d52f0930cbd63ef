using System.Collections.Concurrent;

namespace Errand.AspNetCore;

/// <summary>
/// Looks after all open event streams, once a second while there are any: ends those whose token no longer holds, and lets those that have
/// been quiet for long say that they are there. One timer and one look at each token, however many streams there are.
/// </summary>
internal sealed class StreamKeeper : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly AccessTokens tokens;
    private readonly ConcurrentDictionary<EventStream, EventStream> streams = new();
    private readonly Lock arming = new();
    private readonly ITimer timer;
    private bool armed;

    public StreamKeeper(AccessTokens tokens, TimeProvider time)
    {
        this.tokens = tokens;
        timer = time.CreateTimer(static keeper => _ = ((StreamKeeper)keeper!).RoundAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(EventStream stream)
    {
        streams.TryAdd(stream, stream);
        lock (arming)
        {
            if (!armed) Arm();
        }
    }

    public void Remove(EventStream stream) => streams.TryRemove(stream, out _);

    public void Dispose() => timer.Dispose();

    private async Task RoundAsync()
    {
        try
        {
            Dictionary<ErrandPrincipal, bool> alive = new(ReferenceEqualityComparer.Instance);
            foreach (var (stream, _) in streams)
            {
                if (!alive.TryGetValue(stream.Principal, out var holds)) alive[stream.Principal] = holds = await HoldsAsync(stream.Principal);
                if (holds) _ = stream.KeepAsync();
                else stream.End();
            }
        }
        finally
        {
            lock (arming)
            {
                armed = false;
                if (!streams.IsEmpty) Arm();
            }
        }
    }

    // A token that was revoked ends its open streams within a second, not at the next request. One that cannot be looked up ends them too: whoever is cut off reconnects, and is let in again or not.
    private async ValueTask<bool> HoldsAsync(ErrandPrincipal principal)
    {
        try
        {
            return await tokens.IsAliveAsync(principal, CancellationToken.None);
        }
        catch (Storage.StorageException)
        {
            return false;
        }
    }

    private void Arm()
    {
        armed = true;
        timer.Change(Tick, Timeout.InfiniteTimeSpan);
    }
}

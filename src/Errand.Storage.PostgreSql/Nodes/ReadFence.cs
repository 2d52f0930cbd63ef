namespace Errand.Storage.PostgreSql;

/// <summary>
/// Keeps what a failover takes back from being shown. A server that was cut off from its standbys, or that a standby has replaced without its
/// knowledge, still answers reads; but it cannot commit any more. So a read of jobs is answered only within a few seconds of a commit of this
/// node, and never by a server that lives before a promotion that this node has seen.
/// </summary>
internal sealed class ReadFence(string server, TimeSpan term, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private long _confirmedAt = long.MinValue;
    private int _timeline;

    /// <summary>Tries to commit now; set once, before the first read.</summary>
    public Func<Task> Beat { get; set; } = () => Task.CompletedTask;

    /// <summary>Called when a standby was promoted: connections to the server before are worth nothing.</summary>
    public Action Promoted { get; set; } = () => { };

    private bool IsOpen => Volatile.Read(ref _confirmedAt) is > long.MinValue and var at && time.GetElapsedTime(at) <= term;

    /// <summary>A commit that was sent at this time stamp came through.</summary>
    public void Confirm(long sentAt) => Volatile.Write(ref _confirmedAt, sentAt);

    /// <summary>Whether a server that lives on this timeline was promoted after what was seen; 0 where it does not say.</summary>
    public bool IsNew(int timeline) => Volatile.Read(ref _timeline) is > 0 and var seen && timeline > seen;

    /// <summary>Whether it lives before a promotion that was seen.</summary>
    public bool IsOld(int timeline) => timeline > 0 && timeline < Volatile.Read(ref _timeline);

    /// <summary>Takes note of the promotion that a server lives after.</summary>
    /// <exception cref="StorageException">It lives before one that was seen.</exception>
    public void See(int? timeline)
    {
        if (timeline is not { } number) return;
        var before = Interlocked.CompareExchange(ref _timeline, number, 0);
        if (before == 0 || before == number) return;
        if (number < before)
        {
            throw new StorageException(
                StorageFault.Unavailable,
                $"{server} lives on timeline {number}, and {before} was seen: a standby was promoted, and this server does not know. Stop it.");
        }

        Volatile.Write(ref _timeline, number);
        Promoted();
    }

    /// <summary>Returns when jobs may be shown.</summary>
    /// <exception cref="StorageException">They may not, for the time being.</exception>
    public ValueTask PassAsync() => IsOpen ? ValueTask.CompletedTask : ConfirmAsync();

    private async ValueTask ConfirmAsync()
    {
        var began = time.GetTimestamp();
        Exception? cause = null;

        // The beat under way may have begun too long ago to count.
        for (var tries = 0; tries < 2 && !IsOpen && time.GetElapsedTime(began) < Patience; tries++)
        {
            try
            {
                await Beat().WaitAsync(Patience, time);
            }
            catch (Exception exception) when (exception is StorageException or TimeoutException)
            {
                cause = exception;
            }
        }

        if (IsOpen) return;
        throw new StorageException(
            StorageFault.Unavailable,
            $"{server} has committed nothing of this node for {term.TotalSeconds:0.#} s: what it shows may be lost in a failover. Look at its standbys.",
            cause);
    }
}

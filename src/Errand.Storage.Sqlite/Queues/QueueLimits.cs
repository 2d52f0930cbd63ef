namespace Errand.Storage.Sqlite;

/// <summary>
/// What operators have set for queues, as the claims need it. Read again only after the stamp has moved, for another process may set it
/// too.
/// </summary>
internal sealed class QueueLimits
{
    private static readonly Sql ReadStamp = Sql.Of("security", "stamp");
    private static readonly Sql ListQueues = Sql.Of("catalog", "list_queues");

    private Dictionary<string, QueueSettings> _queues = [];
    private long _stamp;

    /// <summary>How many more jobs of the queue may run.</summary>
    public long RoomIn(string queue, Transaction transaction)
    {
        Refresh(transaction.Db);
        if (!_queues.TryGetValue(queue, out var settings)) return long.MaxValue;
        if (settings.Paused) return 0;
        if (settings.MaxConcurrency is not { } most) return long.MaxValue;
        return most - transaction.Ledger.Lanes.OfQueue(queue).Sum(lane => lane.Claimed);
    }

    /// <summary>What was read may have been of a transaction that is no more.</summary>
    public void Forget() => _stamp = 0;

    private void Refresh(Connection db)
    {
        using var read = db.Use(ReadStamp);
        read.Step();
        var stamp = read.Int64();
        if (stamp == _stamp) return;
        _queues = db.List(ListQueues, _ => { }, QueueRow.Read).ToDictionary(queue => queue.Name, StringComparer.Ordinal);
        _stamp = stamp;
    }
}

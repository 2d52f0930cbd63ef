namespace Errand.Storage.PostgreSql;

/// <summary>
/// The beat of a node: a commit that waits for the standbys as any other does. Where it comes through, the server is the one whose commits
/// count; the <see cref="ReadFence"/> rests on that. Also tells whether another node listens for hints.
/// </summary>
internal sealed class Heartbeat(Database database, Node node, ReadFence fence, TimeProvider time)
{
    private const int LeftAtMost = 4;

    private static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(1);
    private static readonly Sql Beat = Sql.Of("nodes", "beat");
    private static readonly Sql Forget = Sql.Of("nodes", "forget");
    private static readonly Sql OthersListen = Sql.Of("nodes", "others_listen");
    private static readonly Sql Leave = Sql.Of("nodes", "leave");
    private static readonly Sql Unflushed = Sql.Of("transaction", "unflushed");
    private static readonly Sql Timeline = Sql.Of("nodes", "timeline");

    private readonly Lock _gate = new();
    private readonly List<Task> _left = [];
    private Task _beating = Task.CompletedTask;
    private bool _knowsTimelines = true;
    private bool _isThere;

    /// <summary>Joins the beat that is under way, or begins one. Throws what kept it from its commit.</summary>
    public Task BeatAsync()
    {
        lock (_gate) return _beating.IsCompleted ? _beating = BeginAsync() : _beating;
    }

    /// <summary>Tells the others that this node is gone, where that can be told.</summary>
    public async ValueTask LeaveAsync()
    {
        if (!_isThere) return;
        try
        {
            await database.CommitAsync(batch =>
            {
                batch.Add(Unflushed);
                batch.Add(Leave).With(node.Id);
            });
        }
        catch (StorageException)
        {
            // Its last beat grows old by itself.
        }
    }

    private async Task BeginAsync()
    {
        await Task.Yield();

        // A commit that still waits keeps its connection: a long outage of the standbys must not eat them all.
        _left.RemoveAll(one => one.IsCompleted);
        if (_left.Count >= LeftAtMost) await Task.WhenAny(_left);
        var asked = time.GetTimestamp();
        await using var session = await database.OpenAsync();
        fence.See(await TimelineAsync(session));
        try
        {
            node.OthersListen = await CommitAsync(session, time.GetUtcNow());
            _isThere = true;
            fence.Confirm(asked);
        }
        catch (OutcomeUnknownException) when (session.Abandoned is { } left)
        {
            _left.Add(left);
            throw;
        }
    }

    private ValueTask<bool> CommitAsync(Session session, DateTimeOffset now)
    {
        var batch = session.NewBatch();
        batch.Add(Beat).With(node.Id).With(node.Name).With(node.Listens).With(now);
        batch.Add(Forget).With(now - ForgottenAfter);
        batch.Add(OthersListen).With(node.Id).With(now - GoneAfter);
        return session.CommitAsync(batch, results => results.FirstAsync(row => row.Bool()));
    }

    /// <summary>Which promotion the server lives after; null where the server does not say (some managed ones do not).</summary>
    private async ValueTask<int?> TimelineAsync(Session session)
    {
        if (!_knowsTimelines) return null;
        try
        {
            var batch = session.NewBatch();
            batch.Add(Timeline);
            return await session.RunAsync(batch, results => results.FirstAsync(row => row.Int32()));
        }
        catch (StorageException exception) when (exception.InnerException is Npgsql.PostgresException { SqlState: not ("57P01" or "57P02" or "57P03") })
        {
            _knowsTimelines = false;
            return null;
        }
    }
}

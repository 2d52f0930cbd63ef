using System.Data;
using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// A connection that one writer keeps from group to group. The pool gives out the one that has rested longest: each of a dozen would have to be taught, again and again, what a writer says.
/// For one session at a time.
/// </summary>
internal sealed class Line(Database database) : IAsyncDisposable
{
    /// <summary>A connection that has rested for longer may have ended, and a commit that is sent on such a one is an outcome that nobody knows: it is asked first.</summary>
    private static readonly TimeSpan Rested = TimeSpan.FromSeconds(1);

    private static readonly Sql Ping = Sql.Of("transaction", "ping");

    private NpgsqlConnection? _kept;
    private CancellationToken _reign;
    private long _keptAt;

    public async ValueTask<Session> OpenAsync()
    {
        if (_kept is not { } connection) return await database.OpenAsync(this);
        _kept = null;
        if (connection.State is ConnectionState.Open && !_reign.IsCancellationRequested)
        {
            var session = database.Use(connection, this);
            if (database.Time.GetElapsedTime(_keptAt) < Rested || await IsThereAsync(session)) return session;
            await session.DisposeAsync();
        }

        await connection.DisposeAsync();
        return await database.OpenAsync(this);
    }

    /// <summary>Takes the connection back; false when it is of no more use.</summary>
    public bool Keep(NpgsqlConnection connection, CancellationToken reign)
    {
        if (connection.State is not ConnectionState.Open || reign.IsCancellationRequested) return false;
        (_kept, _reign, _keptAt) = (connection, reign, database.Time.GetTimestamp());
        return true;
    }

    private static async ValueTask<bool> IsThereAsync(Session session)
    {
        try
        {
            var batch = session.NewBatch();
            batch.Add(Ping);
            await session.RunAsync(batch, results => results.SkipAsync());
            return true;
        }
        catch (StorageException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => _kept?.DisposeAsync() ?? ValueTask.CompletedTask;
}

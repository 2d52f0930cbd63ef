using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// A rented connection, with what the seam wants of a commit: a failure on the way, or a warning that the wait for the standbys ended early,
/// is an outcome that nobody knows.
/// </summary>
/// <remarks>
/// No command takes a <see cref="CancellationToken"/>, and <c>Cancellation Timeout=-1</c> keeps time-outs from sending a cancel: with
/// synchronous replication a cancel ends only the <i>wait</i> for the standbys, the server commits all the same and reports success.
/// </remarks>
internal sealed class Session : IAsyncDisposable
{
    private static readonly Sql Begin = Sql.Of("transaction", "begin");
    private static readonly Sql Bounds = Sql.Of("transaction", "bounds");
    private static readonly Sql BoundsOfWhole = Sql.Of("transaction", "bounds_of_whole");
    private static readonly Sql BeginSight = Sql.Of("transaction", "begin_sight");
    private static readonly Sql Commit = Sql.Of("transaction", "commit");
    private static readonly Sql Rollback = Sql.Of("transaction", "rollback");

    /// <summary>The class of warnings; the only one that a commit of ours can raise is the one about replication, whatever its language.</summary>
    private const string Warning = "01000";

    private const string Replaced = "another server became the primary meanwhile";

    private readonly NpgsqlConnection _connection;
    private readonly SchemaName _schema;
    private readonly StorageFaults _faults;
    private readonly TimeProvider _time;
    private readonly CancellationToken _reign;
    private readonly bool _borrowed;
    private readonly Line? _line;
    private Task? _abandoned;
    private string? _doubt;
    private bool _open;

    /// <param name="connection">The connection; given back at the end, unless it is the app's.</param>
    /// <param name="schema">Where the tables lie.</param>
    /// <param name="faults">What failures mean.</param>
    /// <param name="time">Bounds a commit.</param>
    /// <param name="reign">Ends when another server is the primary: what this one does not answer then, it never does.</param>
    /// <param name="borrowed">True for a connection of the app, within a transaction that is the app's to begin and to end.</param>
    /// <param name="line">Who keeps the connection after the end; null gives it back to the pool.</param>
    public Session(
        NpgsqlConnection connection, SchemaName schema, StorageFaults faults, TimeProvider time, CancellationToken reign, bool borrowed = false, Line? line = null)
    {
        (_connection, _schema, _faults, _time, _reign, _borrowed, _line) = (connection, schema, faults, time, reign, borrowed, line);
        connection.Notice += OnNotice;
    }

    public StorageFaults Faults => _faults;

    /// <summary>A commit that took too long and still waits, with its connection; null when there is none.</summary>
    public Task? Abandoned => _abandoned;

    public Batch NewBatch() => new(_connection, _schema);

    /// <summary>A batch that begins a transaction; whoever holds a row for too long, or forgets to end, is cut off.</summary>
    public Batch BeginBatch()
    {
        var batch = NewBatch();
        if (_borrowed) return batch;
        batch.Add(Begin);
        batch.AddUnread(Bounds);
        _open = true;
        return batch;
    }

    /// <summary>A batch that is a transaction by itself, for <see cref="CommitAsync{T}"/>, and bounded as one of <see cref="BeginBatch"/>: with it everything is done in one round trip.</summary>
    public Batch WholeBatch()
    {
        var batch = NewBatch();
        batch.AddUnread(BoundsOfWhole);
        return batch;
    }

    /// <summary>A batch whose statements see the same.</summary>
    public Batch SightBatch()
    {
        var batch = NewBatch();
        batch.Add(BeginSight);
        _open = true;
        return batch;
    }

    /// <summary>Runs what writes nothing that counts before a later <see cref="CommitAsync{T}"/>: whatever goes wrong, nothing was written.</summary>
    public async ValueTask<T> RunAsync<T>(Batch batch, Func<Results, ValueTask<T>> read)
    {
        var running = RunWithoutEndAsync(batch, read);
        try
        {
            return await running.WaitAsync(_reign);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
        {
            throw _faults.Translate(exception);
        }
        catch (OperationCanceledException exception) when (_reign.IsCancellationRequested)
        {
            if (!running.IsCompleted) _abandoned = running;
            throw _faults.Translate(new TimeoutException(Replaced, exception));
        }
    }

    /// <summary>
    /// Runs the last statements of a transaction and commits it; without an open one the batch is a transaction of its own. A commit that takes
    /// longer than the command time-out is left to itself, and its outcome is unknown: the driver's own time-out would cancel it.
    /// </summary>
    public async ValueTask<T> CommitAsync<T>(Batch batch, Func<Results, ValueTask<T>> read)
    {
        if (_open) batch.Add(Commit);
        batch.Npgsql.Timeout = 0;
        var running = CommitWithoutEndAsync(batch, read);
        try
        {
            var result = await running.WaitAsync(TimeSpan.FromSeconds(_connection.CommandTimeout), _time, _reign);
            _open = false;
            return _doubt is null ? result : throw _faults.NotReplicated(_doubt);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
        {
            if (!running.IsCompleted) _abandoned = running;
            throw _faults.TranslateCommit(exception);
        }
        catch (OperationCanceledException exception) when (_reign.IsCancellationRequested)
        {
            if (!running.IsCompleted) _abandoned = running;
            throw _faults.TranslateCommit(new TimeoutException(Replaced, exception));
        }
    }

    public ValueTask<bool> CommitAsync(Batch batch) => CommitAsync(batch, static _ => new ValueTask<bool>(true));

    public async ValueTask DisposeAsync()
    {
        if (_borrowed)
        {
            _connection.Notice -= OnNotice;
            return;
        }

        if (_abandoned is { } running)
        {
            // The connection is busy for as long as the server waits.
            _ = running.ContinueWith(_ => _connection.Dispose(), TaskScheduler.Default);
            return;
        }

        if (_open) await RollBackAsync();
        _connection.Notice -= OnNotice;
        if (_line?.Keep(_connection, _reign) != true) await _connection.DisposeAsync();
    }

    private static async Task<T> RunWithoutEndAsync<T>(Batch batch, Func<Results, ValueTask<T>> read)
    {
        await using (batch)
        {
            await using var reader = await batch.Npgsql.ExecuteReaderAsync(CancellationToken.None);
            return await read(new Results(reader, batch.Unread));
        }
    }

    private async Task<T> CommitWithoutEndAsync<T>(Batch batch, Func<Results, ValueTask<T>> read)
    {
        await using (batch)
        {
            _doubt = null;
            await using var reader = await batch.Npgsql.ExecuteReaderAsync(CancellationToken.None);
            var result = await read(new Results(reader, batch.Unread));
            while (await reader.NextResultAsync(CancellationToken.None))
            {
                // What the caller did not read may still fail.
            }

            return result;
        }
    }

    private async ValueTask RollBackAsync()
    {
        try
        {
            await using var batch = NewBatch();
            batch.Add(Rollback);
            await batch.Npgsql.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
        {
            // The connection is gone, and with it the transaction.
            NpgsqlConnection.ClearPool(_connection);
        }
    }

    private void OnNotice(object sender, NpgsqlNoticeEventArgs args)
    {
        if (args.Notice.SqlState == Warning) _doubt = args.Notice.MessageText;
    }
}

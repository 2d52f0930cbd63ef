using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// The connection of heartbeats: one of its own, used on the calling thread, so that a beat comes through while the thread pool is starved
/// and while writers wait. A beat does not wait for standbys: after a failover a session may look older than it is, and its jobs run again.
/// </summary>
internal sealed class BeatLine(Database database) : IDisposable
{
    private static readonly Sql Local = Sql.Of("transaction", "local");
    private static readonly Sql Beat = Sql.Of("sessions", "beat");
    private static readonly Sql Canceling = Sql.Of("sessions", "canceling");

    private const int SecondsAtMost = 3;

    private readonly Lock _gate = new();
    private NpgsqlConnection? _connection;
    private CancellationToken _reign;

    public SessionBeat Run(SessionId session, DateTimeOffset expiresAt)
    {
        lock (_gate)
        {
            try
            {
                return Run(Connect(), session, expiresAt);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
            {
                Disconnect();
                throw database.Faults.Translate(exception);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate) _connection?.Dispose();
    }

    private NpgsqlConnection Connect()
    {
        if (_reign.IsCancellationRequested) Disconnect();
        if (_connection is not null) return _connection;
        (_connection, _reign) = (database.Hosts.Open(), database.Hosts.Reign);
        return _connection;
    }

    private void Disconnect()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private SessionBeat Run(NpgsqlConnection connection, SessionId session, DateTimeOffset expiresAt)
    {
        using var batch = connection.CreateBatch();
        // A server that stands still must not hold up the beats until their session has ended.
        batch.Timeout = SecondsAtMost;
        Add(batch, Local);
        var beat = new Call(Add(batch, Beat)).With(session.Value).With(expiresAt);
        var canceled = new Call(Add(batch, Canceling));
        canceled.With(session.Value);
        var canceling = new List<JobTicket>();
        using (var reader = batch.ExecuteReader())
        {
            reader.NextResult();
            var row = new Row(reader);
            for (; reader.Read(); row.Start()) canceling.Add(HeadRow.Read(row).Ticket);
        }

        return new SessionBeat(beat.Command.RecordsAffected > 0, canceling);
    }

    private NpgsqlBatchCommand Add(NpgsqlBatch batch, Sql sql)
    {
        var command = new NpgsqlBatchCommand(database.Schema.TextOf(sql));
        batch.BatchCommands.Add(command);
        return command;
    }
}

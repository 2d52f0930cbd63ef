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

    private readonly Lock _gate = new();
    private NpgsqlConnection? _connection;

    public SessionBeat Run(SessionId session, DateTimeOffset expiresAt)
    {
        lock (_gate)
        {
            try
            {
                return Run(_connection ??= database.Source.OpenConnection(), session, expiresAt);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
            {
                _connection?.Dispose();
                _connection = null;
                throw database.Faults.Translate(exception);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate) _connection?.Dispose();
    }

    private SessionBeat Run(NpgsqlConnection connection, SessionId session, DateTimeOffset expiresAt)
    {
        using var batch = connection.CreateBatch();
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

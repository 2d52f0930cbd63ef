namespace Errand.Storage.PostgreSql;

/// <summary>Lets through only what the holder of a claim says, and keeps the claim as it is until that is committed.</summary>
internal static class Fence
{
    private static readonly Sql Hold = Sql.Of("contents", "hold");

    /// <summary>The jobs that are claimed with the tickets' tokens.</summary>
    public static async ValueTask<HashSet<long>> HoldAsync(Session session, IReadOnlyList<JobTicket> tickets)
    {
        var batch = session.BeginBatch();
        batch.Add(Hold).With(tickets.Select(ticket => ticket.Sequence)).With(tickets.Select(ticket => ticket.Token));
        return [.. await session.RunAsync(batch, results => results.ListAsync(row => row.Int64()))];
    }

    /// <summary>Runs a write in a transaction that holds the claim; the default where it is over.</summary>
    public static async ValueTask<T?> WriteAsync<T>(
        Database database, JobTicket ticket, Func<Session, ValueTask<T>> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var session = await database.OpenAsync();
        return (await HoldAsync(session, [ticket])).Count == 0 ? default : await write(session);
    }
}

namespace Errand.Storage.Sqlite;

internal sealed class SqliteContentStore(Database database) : IContentStore
{
    private static readonly Sql OutputBytes = Sql.Of("contents", "output_bytes");

    public ValueTask<IReadOnlyList<JobProgress?>> SaveProgressAsync(
        IReadOnlyList<ProgressReport> reports, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => ProgressWrites.Write(transaction, reports), cancellationToken, reports.Count);

    public ValueTask<bool> AppendMessagesAsync(JobTicket ticket, IReadOnlyList<JobMessage> messages, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => Append(transaction, ticket, messages), cancellationToken, messages.Count);

    public ValueTask<JobItemCounts?> WriteItemsAsync(JobTicket ticket, IReadOnlyList<JobItem> items, CancellationToken cancellationToken) =>
        database.WriteAsync<JobItemCounts?>(
            transaction => transaction.LetsThrough(ticket) ? new ItemWrites(transaction.Db, ticket.Sequence).Write(items) : null,
            cancellationToken,
            items.Count);

    public ValueTask<IReadOnlyList<string>?> AddOutputAsync(JobTicket ticket, JobOutput output, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => transaction.LetsThrough(ticket) ? OutputWrites.Write(transaction, ticket, output) : null, cancellationToken);

    public ValueTask<MessagePage> ListMessagesAsync(long job, MessageQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(db => ContentReads.Messages(db, job, query), cancellationToken);

    public ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(long job, ItemQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(db => ContentReads.Items(db, job, query), cancellationToken);

    public ValueTask<IReadOnlyList<JobOutput>> ListOutputsAsync(long job, CancellationToken cancellationToken) =>
        database.ReadAsync(db => ContentReads.Outputs(db, job), cancellationToken);

    public ValueTask<long> OutputBytesAsync(string tenant, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.First(OutputBytes, query => query.Bind(tenant), row => row.Int64()), cancellationToken);

    private static bool Append(Transaction transaction, JobTicket ticket, IReadOnlyList<JobMessage> messages)
    {
        if (!transaction.LetsThrough(ticket)) return false;
        new MessageLog(transaction.Db, ticket.Sequence).Append(messages);
        return true;
    }
}

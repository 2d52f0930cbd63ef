namespace Errand.Storage.PostgreSql;

internal sealed class PostgreSqlContentStore(Database database) : IContentStore
{
    private static readonly Sql ListMessages = Sql.Of("contents", "list_messages");
    private static readonly Sql CountDropped = Sql.Of("contents", "count_dropped");
    private static readonly Sql ListItems = Sql.Of("contents", "list_items");
    private static readonly Sql ListFailedItems = Sql.Of("contents", "list_failed_items");
    private static readonly Sql ListOutputs = Sql.Of("contents", "list_outputs");
    private static readonly Sql OutputBytes = Sql.Of("contents", "output_bytes");

    public ValueTask<IReadOnlyList<JobProgress?>> SaveProgressAsync(IReadOnlyList<ProgressReport> reports, CancellationToken cancellationToken) =>
        ProgressWrites.WriteAsync(database, reports, cancellationToken);

    public ValueTask<bool> AppendMessagesAsync(JobTicket ticket, IReadOnlyList<JobMessage> messages, CancellationToken cancellationToken) =>
        Fence.WriteAsync(database, ticket, session => new MessageLog(session, ticket.Sequence).AppendAsync(messages), cancellationToken);

    public ValueTask<JobItemCounts?> WriteItemsAsync(JobTicket ticket, IReadOnlyList<JobItem> items, CancellationToken cancellationToken) =>
        Fence.WriteAsync(database, ticket, session => new ItemWrites(session, ticket.Sequence).WriteAsync(items), cancellationToken);

    public ValueTask<IReadOnlyList<string>?> AddOutputAsync(JobTicket ticket, JobOutput output, CancellationToken cancellationToken) =>
        Fence.WriteAsync(database, ticket, session => OutputWrites.WriteAsync(session, ticket, output), cancellationToken);

    public async ValueTask<MessagePage> ListMessagesAsync(long job, MessageQuery query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ShowAsync(
            batch =>
            {
                batch.Add(ListMessages).With(job).With(query.After).With((short)query.AtLeast).With(query.Attempt).With(query.Limit);
                batch.Add(CountDropped).With(job);
            },
            async results => new MessagePage(await results.ListAsync(ReadMessage), await results.FirstAsync(row => row.Int64())));
    }

    public async ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(long job, ItemQuery query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ShowAsync(
            batch =>
            {
                if (query.Status is JobItemStatus.Failed) batch.Add(ListFailedItems).With(job).With(query.After).With(query.Limit);
                else batch.Add(ListItems).With(job).With(query.After).With((short?)query.Status).With(query.Limit);
            },
            results => results.ListAsync(ReadItem));
    }

    public async ValueTask<IReadOnlyList<JobOutput>> ListOutputsAsync(long job, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var rows = await database.ShowAsync(batch => batch.Add(ListOutputs).With(job), results => results.ListAsync(ReadOutput));
        return [.. rows.GroupBy(row => row.Entry).Select(output => output.First().Output with { Formats = [.. output.Select(row => row.Format)] })];
    }

    public async ValueTask<long> OutputBytesAsync(string tenant, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(OutputBytes).With(tenant), results => results.FirstAsync(row => row.Int64()));
    }

    private static JobMessage ReadMessage(Row row) => new()
    {
        Sequence = row.Int64(),
        Time = row.Time(),
        Severity = (JobSeverity)row.Int16(),
        Text = row.Text(),
        Source = row.Int32OrNull(),
        Attempt = row.Int32(),
    };

    private static JobItem ReadItem(Row row) => new()
    {
        Index = row.Int32(),
        Key = row.Text(),
        Status = (JobItemStatus)row.Int16(),
        Result = row.BytesOrNull(),
        Error = StoredJson.ReadError(row.BytesOrNull()),
    };

    private static (int Entry, JobOutput Output, JobOutputFormat Format) ReadOutput(Row row)
    {
        var entry = row.Int32();
        var output = new JobOutput(row.Text(), row.Text(), [], row.Time(), row.Int32());
        return (entry, output, new JobOutputFormat(row.Text(), row.Text(), row.Int64(), row.Text(), row.Text()));
    }
}

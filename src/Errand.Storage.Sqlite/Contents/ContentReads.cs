namespace Errand.Storage.Sqlite;

internal static class ContentReads
{
    private static readonly Sql ListMessages = Sql.Of("contents", "list_messages");
    private static readonly Sql CountDropped = Sql.Of("contents", "count_dropped");
    private static readonly Sql ListItems = Sql.Of("contents", "list_items");
    private static readonly Sql ListFailedItems = Sql.Of("contents", "list_failed_items");
    private static readonly Sql ListOutputs = Sql.Of("contents", "list_outputs");

    public static MessagePage Messages(Connection db, long job, MessageQuery query)
    {
        var lines = db.List(
            ListMessages,
            list => list.Bind(job).Bind(query.After).Bind((long)query.AtLeast).Bind(query.Attempt).Bind(query.Limit),
            row => new JobMessage
            {
                Sequence = row.Int64(),
                Time = row.Time(),
                Severity = (JobSeverity)row.Int64(),
                Text = row.Text(),
                Source = row.Int32OrNull(),
                Attempt = row.Int32(),
            });
        return new MessagePage(lines, db.First(CountDropped, count => count.Bind(job), row => row.Int64()));
    }

    public static IReadOnlyList<JobItem> Items(Connection db, long job, ItemQuery query) => query.Status is JobItemStatus.Failed
        ? db.List(ListFailedItems, list => list.Bind(job).Bind(query.After).Bind(query.Limit), ReadItem)
        : db.List(ListItems, list => list.Bind(job).Bind(query.After).Bind((long?)query.Status).Bind(query.Limit), ReadItem);

    public static IReadOnlyList<JobOutput> Outputs(Connection db, long job)
    {
        var outputs = new List<JobOutput>();
        using var list = db.Use(ListOutputs);
        list.Bind(job);
        for (long? entry = null; list.Step();)
        {
            var next = list.Int64();
            var output = new JobOutput(list.Text(), list.Text(), new List<JobOutputFormat>(), list.Time(), list.Int32());
            if (next != entry) outputs.Add(output);
            entry = next;
            var format = new JobOutputFormat(list.Text(), list.Text(), list.Int64(), list.Text(), list.Text());
            ((List<JobOutputFormat>)outputs[^1].Formats).Add(format);
        }

        return outputs;
    }

    private static JobItem ReadItem(Statement row) => new()
    {
        Index = row.Int32(),
        Key = row.Text(),
        Status = (JobItemStatus)row.Int64(),
        Result = row.Memory(),
        Error = StoredJson.ReadError(row.Bytes()),
    };
}

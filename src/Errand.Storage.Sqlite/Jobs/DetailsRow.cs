namespace Errand.Storage.Sqlite;

/// <summary>What was said about a job, as columns in the order of <c>{details}</c>.</summary>
internal static class DetailsRow
{
    private static readonly Sql Insert = Sql.Of("submit", "insert_details");
    private static readonly Sql InsertLabel = Sql.Of("submit", "insert_label");
    private static readonly Sql DeleteLabel = Sql.Of("apply", "delete_label");
    private static readonly Sql SaveLabels = Sql.Of("apply", "save_labels");

    public static JobDetails Read(Statement row)
    {
        var request = row.Guid();
        if (row.IsNull())
        {
            row.Skip(12);
            return request == default ? JobDetails.None : new JobDetails { RequestId = request };
        }

        row.Skip(1);
        return new JobDetails
        {
            RequestId = request,
            Labels = StoredJson.ReadLabels(row.Bytes()) ?? JobDetails.None.Labels,
            Timeout = row.SpanOrNull(),
            Retention = row.SpanOrNull(),
            CorrelationId = row.TextOrNull(),
            ParentId = row.TextOrNull(),
            RetryOf = row.TextOrNull(),
            ScheduleId = row.TextOrNull(),
            TraceParent = row.TextOrNull(),
            TraceState = row.TextOrNull(),
            ItemCount = row.Int32OrNull(),
            Fingerprint = row.TextOrNull(),
        };
    }

    public static void Write(Connection db, int tenant, long job, JobDetails details)
    {
        if (SaysNothing(details)) return;
        using (var insert = db.Use(Insert))
        {
            insert.Bind(job).Bind(StoredJson.Write(details.Labels)).Bind(details.Timeout).Bind(details.Retention)
                .Bind(details.CorrelationId).Bind(details.ParentId).Bind(details.RetryOf).Bind(details.ScheduleId)
                .Bind(details.TraceParent).Bind(details.TraceState).Bind(details.ItemCount).Bind(details.Fingerprint)
                .Run();
        }

        WriteLabels(db, InsertLabel, tenant, job, details);
    }

    /// <summary>Replaces the labels; the former ones are looked up, for their rows are found by their values only.</summary>
    public static void ReplaceLabels(Connection db, int tenant, long job, JobDetails former, IReadOnlyDictionary<string, string> labels)
    {
        RemoveLabels(db, tenant, job, former);
        WriteLabels(db, InsertLabel, tenant, job, former with { Labels = labels });
        using var save = db.Use(SaveLabels);
        save.Bind(job).Bind(StoredJson.Write(labels)).Run();
    }

    public static void RemoveLabels(Connection db, int tenant, long job, JobDetails details) =>
        WriteLabels(db, DeleteLabel, tenant, job, details);

    private static bool SaysNothing(JobDetails details) =>
        details.Labels.Count == 0 && details with { RequestId = default, Labels = JobDetails.None.Labels } == JobDetails.None;

    private static void WriteLabels(Connection db, Sql sql, int tenant, long job, JobDetails details)
    {
        foreach (var (key, value) in LabelRows.Of(details))
        {
            using var statement = db.Use(sql);
            statement.Bind(tenant).Bind(key).Bind(value).Bind(job).Run();
        }
    }
}

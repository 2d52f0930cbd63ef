namespace Errand.Storage.PostgreSql;

/// <summary>What was said about a job, as columns in the order of <c>{details}</c>.</summary>
internal static class DetailsRow
{
    private static readonly Sql Insert = Sql.Of("submit", "insert_details");
    private static readonly Sql InsertLabels = Sql.Of("submit", "insert_labels");

    public static JobDetails Read(Row row)
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
            Labels = StoredJson.ReadLabels(row.BytesOrNull()) ?? JobDetails.None.Labels,
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

    public static void Write(Batch batch, IEnumerable<NewJob> jobs)
    {
        var said = jobs.Where(job => !SaysNothing(job.Details)).ToList();
        if (said.Count == 0) return;
        Add(batch.Add(Insert).With(said.Select(job => job.Head.Sequence)), said.ConvertAll(job => job.Details));
        WriteLabels(batch, said.SelectMany(job => LabelRows.Of(job.Details).Select(label => (job.Head, label.Key, label.Value))));
    }

    /// <summary>Adds all columns behind the first.</summary>
    public static Call Add(Call call, List<JobDetails> details) => call
        .With(details.Select(d => StoredJson.Write(d.Labels))).With(details.Select(d => d.Timeout?.Ticks)).With(details.Select(d => d.Retention?.Ticks))
        .With(details.Select(d => d.CorrelationId)).With(details.Select(d => d.ParentId)).With(details.Select(d => d.RetryOf))
        .With(details.Select(d => d.ScheduleId)).With(details.Select(d => d.TraceParent)).With(details.Select(d => d.TraceState))
        .With(details.Select(d => d.ItemCount)).With(details.Select(d => d.Fingerprint));

    public static void WriteLabels(Batch batch, IEnumerable<(JobHead Head, string Key, string Value)> labels)
    {
        var rows = labels.ToList();
        if (rows.Count == 0) return;
        batch.Add(InsertLabels).With(rows.Select(row => row.Head.Tenant)).With(rows.Select(row => row.Key)).With(rows.Select(row => row.Value))
            .With(rows.Select(row => row.Head.Sequence));
    }

    public static bool SaysNothing(JobDetails details) =>
        details.Labels.Count == 0 && details with { RequestId = default, Labels = JobDetails.None.Labels } == JobDetails.None;
}

namespace Errand.Storage.PostgreSql;

/// <summary>A head as columns, in the order of <c>{head}</c>.</summary>
internal static class HeadRow
{
    public static JobHead Read(Row row) => new()
    {
        Sequence = row.Int64(),
        Id = new JobId(row.Guid()),
        Tenant = row.Text(),
        Queue = row.Text(),
        Type = row.Text(),
        Owner = row.Text(),
        State = (JobState)row.Int16(),
        Version = row.Int64(),
        Priority = row.Int16(),
        DueAt = row.Time(),
        CreatedAt = row.Time(),
        UpdatedAt = row.Time(),
        StartedAt = row.TimeOrNull(),
        FinishedAt = row.TimeOrNull(),
        ExpiresAt = row.TimeOrNull(),
        Deadline = row.TimeOrNull(),
        Attempt = row.Int32(),
        MaxAttempts = row.Int32(),
        Failures = row.Int32(),
        Losses = row.Int32(),
        Session = row.SessionOrNull(),
        Token = row.Int64(),
        HasResult = row.Bool(),
        UniqueKey = row.TextOrNull(),
        CancelReason = row.TextOrNull(),
        Error = StoredJson.ReadError(row.BytesOrNull()),
    };

    public static long? Ticks(DateTimeOffset? time) => time?.UtcTicks;
}

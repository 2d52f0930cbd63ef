namespace Errand.Storage.Sqlite;

/// <summary>A head as columns, in the order of <c>{head}</c>.</summary>
internal static class HeadRow
{
    public const int Columns = 24;

    public static JobHead Read(Statement row, Ledger names)
    {
        var sequence = row.Int64();
        var id = new JobId(row.Guid());
        var lane = names.Lanes[row.Int32()];
        return new JobHead
        {
            Sequence = sequence,
            Id = id,
            Tenant = lane.TenantName,
            Queue = lane.Queue,
            Type = lane.Type,
            Owner = names.Owners[row.Int32()].Subject,
            State = (JobState)row.Int64(),
            Version = row.Int64(),
            Priority = row.Int32(),
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
            Error = StoredJson.ReadError(row.Bytes()),
        };
    }

    /// <summary>Binds what a change may change, in the order of the columns.</summary>
    public static Statement BindMutable(this Statement statement, JobHead head, Lane lane) => statement
        .Bind(lane.Number).Bind(lane.ShelfOf(head)).Bind(head.State.IsTerminal() ? null : 1L)
        .Bind((long)head.State).Bind(head.Version).Bind(head.Priority).Bind(head.DueAt).Bind(head.UpdatedAt)
        .Bind(head.StartedAt).Bind(head.FinishedAt).Bind(head.ExpiresAt).Bind(head.Deadline)
        .Bind(head.Attempt).Bind(head.MaxAttempts).Bind(head.Failures).Bind(head.Losses)
        .Bind(head.Session).Bind(head.Token).Bind(head.HasResult)
        .Bind(head.UniqueKey).Bind(head.CancelReason).Bind(StoredJson.Write(head.Error));
}

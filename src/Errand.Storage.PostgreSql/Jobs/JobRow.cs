namespace Errand.Storage.PostgreSql;

/// <summary>A job as a reader sees it, as columns: head, details, progress, item counts; then result and input where asked for.</summary>
internal static class JobRow
{
    public static Job Read(Row row) => new()
    {
        Head = HeadRow.Read(row),
        Details = DetailsRow.Read(row),
        Progress = ReadProgress(row),
        Items = ReadItemCounts(row),
    };

    public static Job ReadAll(Row row, JobParts parts)
    {
        var job = Read(row);
        if (ReadResult(row) is { } result) job = job with { Result = result };
        return parts.HasFlag(JobParts.Input) ? job with { Input = InputRow.Read(row) } : job;
    }

    private static JobProgress? ReadProgress(Row row)
    {
        if (row.IsNull())
        {
            row.Skip(8);
            return null;
        }

        return new JobProgress
        {
            Sequence = row.Int64(),
            Percent = row.DoubleOrNull(),
            Completed = row.Int64OrNull(),
            Total = row.Int64OrNull(),
            Failed = row.Int64OrNull(),
            Unit = row.TextOrNull(),
            Message = row.TextOrNull(),
            UpdatedAt = row.Time(),
        };
    }

    private static JobItemCounts? ReadItemCounts(Row row)
    {
        if (!row.IsNull()) return new JobItemCounts(row.Int64(), row.Int64());
        row.Skip(2);
        return null;
    }

    private static JobResult? ReadResult(Row row)
    {
        if (row.IsNull())
        {
            row.Skip(6);
            return null;
        }

        var (contentType, output, size, digest, status) = (row.Text(), row.TextOrNull(), row.Int64(), row.Text(), row.Int32());
        return new JobResult(contentType, row.BytesOrNull(), output, size, digest, status);
    }
}

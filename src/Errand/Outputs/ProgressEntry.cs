namespace Errand.Outputs;

/// <summary>What a running job has reported and what of it is stored. Guarded by the book that holds it.</summary>
internal sealed class ProgressEntry(JobTicket ticket, int? itemCount)
{
    private JobItemCounts? _counts;

    public JobTicket Ticket => ticket;

    public JobProgress? Latest { get; private set; }

    public bool Pending { get; set; }

    /// <summary>When it may be written again, on the monotonic clock.</summary>
    public long NextWriteAt { get; set; }

    public bool Lost { get; set; }

    /// <summary>The latest report wins; counts that it leaves out are those of the items.</summary>
    public void Report(JobProgress progress, DateTimeOffset now)
    {
        Latest = progress with
        {
            Percent = progress.Percent is { } percent && double.IsFinite(percent) ? Math.Clamp(percent, 0, 100) : null,
            Completed = progress.Completed ?? _counts?.Completed,
            Failed = progress.Failed ?? _counts?.Failed,
            Total = progress.Total ?? itemCount,
            UpdatedAt = now,
        };
        Pending = true;
    }

    /// <summary>Items were stored: what they count is what the job has done.</summary>
    public void Count(JobItemCounts counts, DateTimeOffset now)
    {
        _counts = counts;
        Latest = (Latest ?? new JobProgress { Total = itemCount }) with
        {
            Completed = counts.Completed,
            Failed = counts.Failed,
            UpdatedAt = now
        };
        Pending = true;
    }
}

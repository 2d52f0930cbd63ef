namespace Errand.Storage.Sqlite;

/// <summary>What a scan reads of each job.</summary>
internal readonly record struct ListingRow(
    long Sequence, int Lane, int Owner, JobState State, DateTimeOffset DueAt, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    public static ListingRow Read(Statement row) =>
        new(row.Int64(), row.Int32(), row.Int32(), (JobState)row.Int64(), row.Time(), row.Time(), row.TimeOrNull());

    public JobStatus StatusAt(DateTimeOffset now) => State switch
    {
        JobState.Queued => DueAt > now ? JobStatus.Scheduled : JobStatus.Queued,
        JobState.Running => JobStatus.Running,
        JobState.Canceling => JobStatus.Canceling,
        JobState.Succeeded => JobStatus.Succeeded,
        JobState.Failed => JobStatus.Failed,
        _ => JobStatus.Canceled,
    };
}

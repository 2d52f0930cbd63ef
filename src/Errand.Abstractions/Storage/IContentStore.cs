namespace Errand.Storage;

/// <summary>
/// What jobs report while they run. Every write carries the ticket and is refused (false or null, nothing written) unless the job is
/// still claimed with that token. Reads take the job's sequence: whoever reads has looked the job up, and so may see it.
/// </summary>
public interface IContentStore
{
    /// <summary>Stores the latest progress of many jobs at once; gives each its next progress sequence. One result per report; null where refused.</summary>
    ValueTask<IReadOnlyList<JobProgress?>> SaveProgressAsync(IReadOnlyList<ProgressReport> reports, CancellationToken cancellationToken);

    /// <summary>
    /// Appends lines, within 10,000 lines and 4 MiB of text a job: beyond that the first half and the last half are kept, and sequence numbers show the gap.
    /// </summary>
    ValueTask<bool> AppendMessagesAsync(JobTicket ticket, IReadOnlyList<JobMessage> messages, CancellationToken cancellationToken);

    /// <summary>
    /// Writes item outcomes: an item with an index replaces that place, one without is found by its key or appended. Counts are kept in
    /// the same transaction, and each item counts once however often it is reported. Null where refused.
    /// </summary>
    ValueTask<JobItemCounts?> WriteItemsAsync(JobTicket ticket, IReadOnlyList<JobItem> items, CancellationToken cancellationToken);

    /// <summary>
    /// Publishes an output whose files are already in place. One with the same id replaces it; the locations of what it replaced are returned, for deleting.
    /// Null where refused.
    /// </summary>
    ValueTask<IReadOnlyList<string>?> AddOutputAsync(JobTicket ticket, JobOutput output, CancellationToken cancellationToken);

    /// <summary>Lines of a job, oldest first.</summary>
    ValueTask<MessagePage> ListMessagesAsync(long job, MessageQuery query, CancellationToken cancellationToken);

    /// <summary>Items of a job by index.</summary>
    ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(long job, ItemQuery query, CancellationToken cancellationToken);

    /// <summary>Outputs of a job, in the order of publishing.</summary>
    ValueTask<IReadOnlyList<JobOutput>> ListOutputsAsync(long job, CancellationToken cancellationToken);

    /// <summary>Bytes of published outputs of a tenant.</summary>
    ValueTask<long> OutputBytesAsync(string tenant, CancellationToken cancellationToken);
}

/// <summary>Progress of one job.</summary>
/// <param name="Ticket">The job and its token.</param>
/// <param name="Progress">The report.</param>
public sealed record ProgressReport(JobTicket Ticket, JobProgress Progress);

/// <summary>Which lines to read.</summary>
/// <param name="After">Only lines with a greater sequence.</param>
/// <param name="AtLeast">Only lines at least this grave.</param>
/// <param name="Attempt">Only lines of this attempt.</param>
/// <param name="Limit">At most this many.</param>
public sealed record MessageQuery(long After = 0, JobSeverity AtLeast = JobSeverity.Debug, int? Attempt = null, int Limit = 200);

/// <summary>Lines of a job's log.</summary>
/// <param name="Messages">The lines.</param>
/// <param name="Dropped">How many lines were dropped from the middle, of the whole log.</param>
public sealed record MessagePage(IReadOnlyList<JobMessage> Messages, long Dropped);

/// <summary>Which items to read.</summary>
/// <param name="After">Only items with a greater index; -1 for the beginning.</param>
/// <param name="Status">Only these.</param>
/// <param name="Limit">At most this many.</param>
public sealed record ItemQuery(int After = -1, JobItemStatus? Status = null, int Limit = 200);

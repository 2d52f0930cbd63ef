using Errand.Storage;
using Errand.Uploads;
using Errand.Work;

namespace Errand.Outputs;

/// <summary>What running jobs report, in the process that holds the store.</summary>
internal sealed class LocalJobReports(
    IJobStorage storage, LiveSessions sessions, ProgressBook progress, ItemReader items, OutputPublisher outputs) : IJobReports
{
    public void ReportProgress(JobTicket ticket, JobProgress report)
    {
        if (!progress.Report(ticket, Held(ticket)?.Details.ItemCount, report)) throw new LeaseLostException(ticket);
    }

    public ValueTask FlushAsync(JobTicket ticket, CancellationToken cancellationToken) => progress.FlushAsync([ticket], cancellationToken);

    public async ValueTask AppendMessagesAsync(JobTicket ticket, IReadOnlyList<JobMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0) return;
        if (!await storage.Contents.AppendMessagesAsync(ticket, messages, cancellationToken)) throw new LeaseLostException(ticket);
    }

    public async ValueTask<JobItemCounts> WriteItemsAsync(
        JobTicket ticket, IReadOnlyList<JobItem> reported, CancellationToken cancellationToken)
    {
        var counts = await storage.Contents.WriteItemsAsync(ticket, reported, cancellationToken) ?? throw new LeaseLostException(ticket);
        progress.Count(ticket, Held(ticket)?.Details.ItemCount, counts);
        return counts;
    }

    public ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(JobTicket ticket, int after, int limit, CancellationToken cancellationToken) =>
        storage.Contents.ListItemsAsync(ticket.Sequence, new ItemQuery(after, null, limit), cancellationToken);

    public IAsyncEnumerable<JobItemInput> ReadItemsAsync(JobTicket ticket, CancellationToken cancellationToken) =>
        items.ReadAsync(ticket, cancellationToken);

    public ValueTask<JobOutput> PublishAsync(JobTicket ticket, OutputDraft draft, CancellationToken cancellationToken) =>
        outputs.PublishAsync(ticket, Held(ticket)?.Head.Attempt ?? 0, draft, cancellationToken);

    private HeldJob? Held(JobTicket ticket) => sessions.Find(ticket.Session)?.Find(ticket);
}

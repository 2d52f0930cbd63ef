using Errand.Storage;

namespace Errand.Simulation.Tests.World;

internal sealed class UnfencedContents(IJobStorage storage) : IContentStore
{
    private readonly IContentStore _inner = storage.Contents;

    public ValueTask<IReadOnlyList<JobProgress?>> SaveProgressAsync(IReadOnlyList<ProgressReport> reports, CancellationToken cancellationToken) =>
        _inner.SaveProgressAsync(reports, cancellationToken);

    public ValueTask<bool> AppendMessagesAsync(JobTicket ticket, IReadOnlyList<JobMessage> messages, CancellationToken cancellationToken) =>
        _inner.AppendMessagesAsync(ticket, messages, cancellationToken);

    public async ValueTask<JobItemCounts?> WriteItemsAsync(JobTicket ticket, IReadOnlyList<JobItem> items, CancellationToken cancellationToken)
    {
        var found = await storage.Jobs.FindAsync(ticket.Key, JobParts.Status, cancellationToken);
        return await _inner.WriteItemsAsync(found.Job?.Head.Ticket ?? ticket, items, cancellationToken);
    }

    public ValueTask<IReadOnlyList<string>?> AddOutputAsync(JobTicket ticket, JobOutput output, CancellationToken cancellationToken) =>
        _inner.AddOutputAsync(ticket, output, cancellationToken);

    public ValueTask<MessagePage> ListMessagesAsync(long job, MessageQuery query, CancellationToken cancellationToken) =>
        _inner.ListMessagesAsync(job, query, cancellationToken);

    public ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(long job, ItemQuery query, CancellationToken cancellationToken) =>
        _inner.ListItemsAsync(job, query, cancellationToken);

    public ValueTask<IReadOnlyList<JobOutput>> ListOutputsAsync(long job, CancellationToken cancellationToken) =>
        _inner.ListOutputsAsync(job, cancellationToken);

    public ValueTask<long> OutputBytesAsync(string tenant, CancellationToken cancellationToken) => _inner.OutputBytesAsync(tenant, cancellationToken);
}

internal sealed class ForgetfulContents(IContentStore inner) : IContentStore
{
    public ValueTask<IReadOnlyList<JobProgress?>> SaveProgressAsync(IReadOnlyList<ProgressReport> reports, CancellationToken cancellationToken) =>
        inner.SaveProgressAsync(reports, cancellationToken);

    public ValueTask<bool> AppendMessagesAsync(JobTicket ticket, IReadOnlyList<JobMessage> messages, CancellationToken cancellationToken) =>
        inner.AppendMessagesAsync(ticket, messages, cancellationToken);

    public ValueTask<JobItemCounts?> WriteItemsAsync(JobTicket ticket, IReadOnlyList<JobItem> items, CancellationToken cancellationToken) =>
        inner.WriteItemsAsync(ticket, items, cancellationToken);

    // Whether the claim holds is still asked, so that only the forgetting is careless.
    public async ValueTask<IReadOnlyList<string>?> AddOutputAsync(JobTicket ticket, JobOutput output, CancellationToken cancellationToken) =>
        await inner.AppendMessagesAsync(ticket, [], cancellationToken) ? [] : null;

    public ValueTask<MessagePage> ListMessagesAsync(long job, MessageQuery query, CancellationToken cancellationToken) => inner.ListMessagesAsync(job, query, cancellationToken);

    public ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(long job, ItemQuery query, CancellationToken cancellationToken) => inner.ListItemsAsync(job, query, cancellationToken);

    public ValueTask<IReadOnlyList<JobOutput>> ListOutputsAsync(long job, CancellationToken cancellationToken) => inner.ListOutputsAsync(job, cancellationToken);

    public ValueTask<long> OutputBytesAsync(string tenant, CancellationToken cancellationToken) => inner.OutputBytesAsync(tenant, cancellationToken);
}

internal sealed class UnversionedQueue(IJobStorage storage) : IJobQueue
{
    public ValueTask<ClaimOutcome> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        storage.Queue.ClaimAsync(request, cancellationToken);

    public async ValueTask<IReadOnlyList<ChangeOutcome>> SettleAsync(IReadOnlyList<JobChange> changes, CancellationToken cancellationToken)
    {
        var forced = new List<JobChange>();
        foreach (var change in changes)
        {
            var now = (await storage.Jobs.FindAsync(change.Before.Key, JobParts.Status, cancellationToken)).Job?.Head ?? change.Before;
            forced.Add(change with { Before = now, After = change.After with { Version = now.Version + 1, Token = now.Token } });
        }

        return await storage.Queue.SettleAsync(forced, cancellationToken);
    }

    public ValueTask<IReadOnlyList<JobHead>> ListPastDeadlineAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken) =>
        storage.Queue.ListPastDeadlineAsync(asOf, limit, cancellationToken);
}

internal sealed class ForgetfulJobs(IJobStorage storage) : IJobStore
{
    private int _submits;

    public async ValueTask<BatchOutcome> SubmitAsync(JobBatch batch, CancellationToken cancellationToken)
    {
        if (++_submits % 10 != 0) return await storage.Jobs.SubmitAsync(batch, cancellationToken);
        var lost = batch.Jobs.Select(job => new SubmitOutcome(SubmitKind.Created, job.Head with { Sequence = 1_000_000 + _submits }));
        return new BatchOutcome(BatchKind.Stored, [.. lost]);
    }

    public ValueTask<JobLookup> FindAsync(JobKey key, JobParts parts, CancellationToken cancellationToken) =>
        storage.Jobs.FindAsync(key, parts, cancellationToken);

    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken) => storage.Jobs.ListAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<JobChange> changes, CancellationToken cancellationToken) =>
        storage.Jobs.ApplyAsync(changes, cancellationToken);
}

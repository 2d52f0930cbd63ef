namespace Errand.Storage.Memory;

internal sealed class MemoryContentStore(MemoryVerbs verbs) : IContentStore
{
    public ValueTask<IReadOnlyList<JobProgress?>> SaveProgressAsync(
        IReadOnlyList<ProgressReport> reports, CancellationToken cancellationToken) =>
        verbs.RunAsync<IReadOnlyList<JobProgress?>>(
            StorageVerb.SaveProgress, db => [.. reports.Select(report => SaveProgress(db, report))], cancellationToken);

    public ValueTask<bool> AppendMessagesAsync(JobTicket ticket, IReadOnlyList<JobMessage> messages, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.AppendMessages, db => Append(Held(db, ticket), messages), cancellationToken);

    public ValueTask<JobItemCounts?> WriteItemsAsync(JobTicket ticket, IReadOnlyList<JobItem> items, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.WriteItems, db => Write(Held(db, ticket), items), cancellationToken);

    public ValueTask<IReadOnlyList<string>?> AddOutputAsync(JobTicket ticket, JobOutput output, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.AddOutput, db => AddOutput(db, Held(db, ticket), output), cancellationToken);

    public ValueTask<MessagePage> ListMessagesAsync(long job, MessageQuery query, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.ReadContents, db => ListMessages(db.JobsBySequence.GetValueOrDefault(job), query), cancellationToken);

    public ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(long job, ItemQuery query, CancellationToken cancellationToken) =>
        verbs.RunAsync(
            StorageVerb.ReadContents, db => db.JobsBySequence.GetValueOrDefault(job)?.Items.List(query) ?? [], cancellationToken);

    public ValueTask<IReadOnlyList<JobOutput>> ListOutputsAsync(long job, CancellationToken cancellationToken) =>
        verbs.RunAsync<IReadOnlyList<JobOutput>>(
            StorageVerb.ReadContents, db => [.. db.JobsBySequence.GetValueOrDefault(job)?.Outputs ?? []], cancellationToken);

    public ValueTask<long> OutputBytesAsync(string tenant, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.ReadContents, db => db.OutputBytes.GetValueOrDefault(tenant), cancellationToken);

    /// <summary>The job, if what its worker says still counts.</summary>
    private static JobRow? Held(MemoryDatabase db, JobTicket ticket) =>
        db.Jobs.TryGetValue(ticket.Key, out var row) && row.IsHeldBy(ticket) ? row : null;

    private static JobProgress? SaveProgress(MemoryDatabase db, ProgressReport report)
    {
        if (Held(db, report.Ticket) is not { } row) return null;
        return row.Progress = report.Progress with { Sequence = (row.Progress?.Sequence ?? 0) + 1 };
    }

    private static bool Append(JobRow? row, IReadOnlyList<JobMessage> messages)
    {
        if (row is null) return false;
        foreach (var message in messages) row.Messages.Append(message);
        return true;
    }

    private static JobItemCounts? Write(JobRow? row, IReadOnlyList<JobItem> items)
    {
        if (row is null) return null;
        foreach (var item in items) row.Items.Write(item);
        return row.Items.Counts;
    }

    private static IReadOnlyList<string>? AddOutput(MemoryDatabase db, JobRow? row, JobOutput output)
    {
        if (row is null) return null;
        var former = row.Outputs.Find(o => o.Id == output.Id);
        row.Outputs.RemoveAll(o => o.Id == output.Id);
        row.Outputs.Add(output with { Formats = [.. output.Formats] });
        var replaced = former?.Formats ?? [];
        db.CountOutputs(row.Head.Tenant, output.Formats.Sum(f => f.Size) - replaced.Sum(f => f.Size));
        return [.. replaced.Select(f => f.Location).Except(output.Formats.Select(f => f.Location))];
    }

    private static MessagePage ListMessages(JobRow? row, MessageQuery query)
    {
        if (row is null) return new MessagePage([], 0);
        var lines = row.Messages.Lines.Where(line =>
            line.Sequence > query.After && line.Severity >= query.AtLeast && (query.Attempt is null || line.Attempt == query.Attempt));
        return new MessagePage([.. lines.Take(query.Limit)], row.Messages.Dropped);
    }
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using Errand.Client.Transport;
using Errand.Contracts;
using Errand.Work;

namespace Errand.Client.Work;

/// <summary>What the jobs of a remote worker report. Progress goes with the next beat; everything else at once.</summary>
internal sealed class HttpJobReports(SessionWire wire, Func<JobTicket, RemoteSession?> sessions) : IJobReports
{
    private const int ListMost = 1_000;

    private static ErrandJsonContext Wire => ErrandJsonContext.Default;

    public void ReportProgress(JobTicket ticket, JobProgress progress) => sessions(ticket)?.Find(ticket)?.Report(progress);

    public async ValueTask FlushAsync(JobTicket ticket, CancellationToken cancellationToken)
    {
        var (session, lease) = Of(ticket);
        if (lease.Take() is not { } progress) return;
        var body = new BeatRequest { Leases = [new LeaseReport { Lease = lease.Text, Progress = WorkMapping.Progress(progress) }] };
        await GuardAsync(ticket, () => wire.PostAsync(
            SessionWire.PathOf(session, "/beat"), body, Wire.BeatRequest, Wire.BeatResource, cancellationToken: cancellationToken));
    }

    public async ValueTask AppendMessagesAsync(JobTicket ticket, IReadOnlyList<JobMessage> messages, CancellationToken cancellationToken)
    {
        var (session, lease) = Of(ticket);
        foreach (var some in messages.Chunk(ListMost))
        {
            var body = new ReportMessagesRequest { Lease = lease.Text, Messages = [.. some.Select(WorkMapping.Message)] };
            await GuardAsync(ticket, () => wire.PostAsync(
                SessionWire.PathOf(session, "/messages"), body, Wire.ReportMessagesRequest, Wire.BeatResource, cancellationToken: cancellationToken));
        }
    }

    public async ValueTask<JobItemCounts> WriteItemsAsync(JobTicket ticket, IReadOnlyList<JobItem> items, CancellationToken cancellationToken)
    {
        var (session, lease) = Of(ticket);
        JobItemCounts counts = default;
        foreach (var some in items.Chunk(ListMost))
        {
            var body = new ReportItemsRequest { Lease = lease.Text, Items = [.. some.Select(WorkMapping.Item)] };
            var answer = await GuardAsync(ticket, () => wire.PostAsync(
                SessionWire.PathOf(session, "/items"), body, Wire.ReportItemsRequest, Wire.ItemCountsResource, cancellationToken: cancellationToken));
            counts = new JobItemCounts(answer!.Completed, answer.Failed);
        }

        return counts;
    }

    public async ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(JobTicket ticket, int after, int limit, CancellationToken cancellationToken)
    {
        var (session, lease) = Of(ticket);
        var path = SessionWire.PathOf(session, "/items" + Query.Of(("after", after < 0 ? null : after), ("limit", Math.Clamp(limit, 1, ListMost))));
        using var response = await GuardAsync(ticket, () => wire.SendAsync(HttpMethod.Get, path, lease, body: null, cancellationToken));
        var page = await JobTransport.ReadAsync(response, Wire.PageItemResource, cancellationToken);
        return [.. page.Items.Select(WorkMapping.Item)];
    }

    public async IAsyncEnumerable<JobItemInput> ReadItemsAsync(JobTicket ticket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (session, lease) = Of(ticket);
        using var response = await GuardAsync(
            ticket, () => wire.SendAsync(HttpMethod.Get, SessionWire.PathOf(session, "/inputs"), lease, body: null, cancellationToken));
        await using var lines = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in JsonSerializer.DeserializeAsyncEnumerable(lines, Wire.ItemInputResource, topLevelValues: true, cancellationToken))
        {
            if (item is not null) yield return new JobItemInput(item.Index, item.Item.Utf8);
        }
    }

    public async ValueTask<JobOutput> PublishAsync(JobTicket ticket, OutputDraft draft, CancellationToken cancellationToken)
    {
        var (session, lease) = Of(ticket);
        var formats = string.Join(',', draft.Formats.Select(format => $"{format.Format}:{format.ContentType}"));
        var path = SessionWire.PathOf(session, $"/outputs/{Query.Step(draft.Id)}{Query.Of(("fileName", draft.FileName), ("formats", formats))}");
        using var body = DraftContent.Of(draft, cancellationToken);
        using var response = await GuardAsync(ticket, () => wire.SendAsync(HttpMethod.Put, path, lease, body, cancellationToken));
        return WorkMapping.Output(await JobTransport.ReadAsync(response, Wire.OutputResource, cancellationToken));
    }

    private (RemoteSession Session, Lease Lease) Of(JobTicket ticket)
    {
        var session = sessions(ticket) ?? throw new LeaseLostException(ticket);
        return (session, session.Of(ticket));
    }

    private static async Task<T> GuardAsync<T>(JobTicket ticket, Func<Task<T>> send)
    {
        try
        {
            return await send();
        }
        catch (ErrandApiException e) when (SessionWire.IsOver(e))
        {
            throw new LeaseLostException(ticket);
        }
    }
}

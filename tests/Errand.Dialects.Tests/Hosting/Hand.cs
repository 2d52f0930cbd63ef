using System.Text;
using Errand.Storage;
using Errand.Work;

namespace Errand.Dialects.Tests;

/// <summary>Works on jobs the way a worker does, one step at a time and when the test says.</summary>
public sealed class Hand(IJobSource source) : ISessionListener
{
    private SessionId? session;

    /// <summary>Claims the next job of a type.</summary>
    public async Task<ClaimedJob> ClaimAsync(string type, string queue = "*")
    {
        if (session is { } open) await source.CloseAsync(open, CancellationToken.None);
        session = (await source.OpenAsync(new SessionRequest("hand", [type], [], 1), this, CancellationToken.None)).Id;
        return Assert.Single(await source.ClaimAsync(session.Value, [new QueueDemand(queue, 1)], CancellationToken.None));
    }

    /// <summary>Keeps the claim while the test moves the clock.</summary>
    public ValueTask<bool> BeatAsync() => source.BeatAsync(session!.Value, CancellationToken.None);

    /// <summary>Reports outcomes of items.</summary>
    public async Task ItemsAsync(ClaimedJob job, params IReadOnlyList<JobItem> items) =>
        await source.Reports.WriteItemsAsync(job.Head.Ticket, items, CancellationToken.None);

    /// <summary>Says lines in the job's log.</summary>
    public async Task SayAsync(ClaimedJob job, params IReadOnlyList<JobMessage> messages) =>
        await source.Reports.AppendMessagesAsync(job.Head.Ticket, messages, CancellationToken.None);

    /// <summary>Publishes an output of one or more formats with the same content.</summary>
    public async Task PublishAsync(ClaimedJob job, string id, string fileName, string content, params IReadOnlyList<(string Format, string ContentType)> formats) =>
        await source.Reports.PublishAsync(
            job.Head.Ticket,
            new OutputDraft(id, fileName, [.. formats.Select(f => new OutputFormatDraft(
                f.Format, f.ContentType, (stream, cancellationToken) => stream.WriteAsync(Encoding.UTF8.GetBytes(content), cancellationToken).AsTask()))]),
            CancellationToken.None);

    /// <summary>Ends the attempt.</summary>
    public async Task SettleAsync(ClaimedJob job, JobOutcome outcome)
    {
        await source.Reports.FlushAsync(job.Head.Ticket, CancellationToken.None);
        Assert.Equal([true], await source.SettleAsync([new Settlement(job.Head.Ticket, outcome)], CancellationToken.None));
    }

    /// <summary>Ends the attempt well, with a JSON result.</summary>
    public Task SucceedAsync(ClaimedJob job, string? result = null) =>
        SettleAsync(job, result is null ? JobOutcome.Succeeded.Empty : new JobOutcome.Succeeded(Encoding.UTF8.GetBytes(result)));

    /// <summary>Ends the attempt and the job with an error.</summary>
    public Task FailAsync(ClaimedJob job, string code, string message) =>
        SettleAsync(job, new JobOutcome.Failed(new JobError(code, message, Retryable: false)));

    void ISessionListener.OnCancel(JobTicket ticket)
    {
    }
}

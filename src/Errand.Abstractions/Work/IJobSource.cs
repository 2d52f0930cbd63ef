using Errand.Storage;

namespace Errand.Work;

/// <summary>The back door: the worker's whole world. <c>LocalJobSource</c> in the engine, <c>HttpJobSource</c> for a remote worker.</summary>
public interface IJobSource
{
    /// <summary>Opens a session; from now on it must beat. <paramref name="listener"/> is told of cancels as soon as they are known.</summary>
    ValueTask<OpenedSession> OpenAsync(SessionRequest request, ISessionListener listener, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps the session and its claims. Called from a thread of its own; completes without needing the thread pool where the store is
    /// local. False: the session is lost, and every handler of it must stop.
    /// </summary>
    ValueTask<bool> BeatAsync(SessionId session, CancellationToken cancellationToken);

    /// <summary>Claims due jobs, or returns none at once.</summary>
    ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(SessionId session, IReadOnlyList<QueueDemand> demands, CancellationToken cancellationToken);

    /// <summary>
    /// Returns when a claim may give something again: a job was submitted or became due, a queue was resumed, a limit was freed; or after
    /// <paramref name="timeout"/>. May return early, never hangs.
    /// </summary>
    ValueTask WaitForWorkAsync(SessionId session, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Reports outcomes of attempts. One result per settlement: false where the claim was lost and nothing was written.</summary>
    ValueTask<IReadOnlyList<bool>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken);

    /// <summary>Ends the session; jobs that it still holds and never started go back at once, without an attempt.</summary>
    ValueTask CloseAsync(SessionId session, CancellationToken cancellationToken);

    /// <summary>What running jobs report.</summary>
    IJobReports Reports { get; }
}

/// <summary>Told by a source about the jobs of a session. Called on any thread; must return at once.</summary>
public interface ISessionListener
{
    /// <summary>The job is asked to stop.</summary>
    void OnCancel(JobTicket ticket);
}

/// <summary>What a worker says when it opens a session.</summary>
/// <param name="Worker">Its name, for people: host and process.</param>
/// <param name="Types">The types it can run, aliases included.</param>
/// <param name="Queues">The queues it takes jobs from; empty for the queues of its types and every other one.</param>
/// <param name="Slots">How many jobs it runs at once.</param>
/// <param name="Tenant">Only this tenant's jobs; null for every tenant.</param>
/// <param name="Remote">True when it works over HTTP.</param>
public sealed record SessionRequest(
    string Worker, IReadOnlyList<string> Types, IReadOnlyList<string> Queues, int Slots, string? Tenant = null, bool Remote = false);

/// <summary>An opened session.</summary>
/// <param name="Id">Its name.</param>
/// <param name="BeatEvery">How often to beat.</param>
/// <param name="Term">Without a beat for this long the session is over.</param>
public sealed record OpenedSession(SessionId Id, TimeSpan BeatEvery, TimeSpan Term);

/// <summary>How much a worker wants of a queue.</summary>
/// <param name="Queue">The queue; <c>*</c> for every queue that is known.</param>
/// <param name="Limit">At most this many jobs.</param>
public sealed record QueueDemand(string Queue, int Limit);

/// <summary>The outcome of one attempt.</summary>
/// <param name="Ticket">The job and its token.</param>
/// <param name="Outcome">What the handler said.</param>
public sealed record Settlement(JobTicket Ticket, JobOutcome Outcome);

/// <summary>
/// What running jobs report. A report with an old token throws <see cref="LeaseLostException"/> and changes nothing.
/// </summary>
public interface IJobReports
{
    /// <summary>Reports progress; coalesced, about one write a second and job. Never waits for the disk.</summary>
    void ReportProgress(JobTicket ticket, JobProgress progress);

    /// <summary>Writes what <see cref="ReportProgress"/> still holds of a job. Called before it is settled.</summary>
    ValueTask FlushAsync(JobTicket ticket, CancellationToken cancellationToken);

    /// <summary>Appends lines to the job's log.</summary>
    ValueTask AppendMessagesAsync(JobTicket ticket, IReadOnlyList<JobMessage> messages, CancellationToken cancellationToken);

    /// <summary>Writes item outcomes; the job's progress counts them.</summary>
    ValueTask<JobItemCounts> WriteItemsAsync(JobTicket ticket, IReadOnlyList<JobItem> items, CancellationToken cancellationToken);

    /// <summary>Outcomes that earlier attempts stored, by index after <paramref name="after"/>: what a new attempt need not do again.</summary>
    ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(JobTicket ticket, int after, int limit, CancellationToken cancellationToken);

    /// <summary>The items that the job was submitted with, inline or by upload, in order, without holding them all.</summary>
    IAsyncEnumerable<JobItemInput> ReadItemsAsync(JobTicket ticket, CancellationToken cancellationToken);

    /// <summary>Publishes an output: staged, made durable, then visible.</summary>
    ValueTask<JobOutput> PublishAsync(JobTicket ticket, OutputDraft draft, CancellationToken cancellationToken);
}

/// <summary>An item as it was submitted.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Json">The item: one JSON value, UTF-8.</param>
public readonly record struct JobItemInput(int Index, ReadOnlyMemory<byte> Json);

/// <summary>An output to publish.</summary>
/// <param name="Id">Its name within the job: <c>[A-Za-z0-9._-]{1,128}</c>.</param>
/// <param name="FileName">The name a download gets.</param>
/// <param name="Formats">At least one; the first is the default.</param>
public sealed record OutputDraft(string Id, string FileName, IReadOnlyList<OutputFormatDraft> Formats);

/// <summary>One rendering of an output to publish.</summary>
/// <param name="Format">The word that <c>?format=</c> takes.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="WriteAsync">Writes the bytes; called once.</param>
public sealed record OutputFormatDraft(string Format, string ContentType, Func<Stream, CancellationToken, Task> WriteAsync);

/// <summary>The claim is over: another worker may own the job. Stop at once; nothing that is reported counts.</summary>
public sealed class LeaseLostException(JobTicket ticket)
    : Exception($"The claim on job {ticket.Key.Id} with token {ticket.Token} is over; what the attempt reports is refused.")
{
    /// <summary>The claim.</summary>
    public JobTicket Ticket { get; } = ticket;
}

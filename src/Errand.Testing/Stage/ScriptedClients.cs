using System.Data.Common;
using Errand.Storage;

namespace Errand.Testing.Stage;

/// <summary>The front door of a stand-in's start routes: what is begun there takes its course from the script.</summary>
internal sealed class ScriptedClients(IJobClients inner, Play play) : IJobClients
{
    public IJobClient For(JobCaller caller) => new ScriptedClient(inner.For(caller), play);

    public IJobContents ContentsFor(JobCaller caller) => inner.ContentsFor(caller);

    public IScheduleClient SchedulesFor(JobCaller caller) => inner.SchedulesFor(caller);
}

/// <summary>Jobs as somebody; a new one goes to a queue of its own, where only its course can claim it.</summary>
internal sealed class ScriptedClient(IJobClient inner, Play play) : IJobClient
{
    public async ValueTask<SubmitReceipt> SubmitAsync(JobSubmission submission, IdempotencyKey? key = null, CancellationToken cancellationToken = default)
    {
        var queue = $"{play.Vendor}.{Guid.NewGuid():N}";
        var receipt = await inner.SubmitAsync(submission with { Queue = queue }, key, cancellationToken);
        if (receipt.Kind is SubmitReceiptKind.Created) play.Begin(receipt.Job, queue);
        return receipt;
    }

    public ValueTask<SubmitReceipt> SubmitAsync(JobSubmission submission, DbTransaction transaction, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No wire begins jobs in a transaction of the app's.");

    public ValueTask<Job> ValidateAsync(JobSubmission submission, CancellationToken cancellationToken = default) => inner.ValidateAsync(submission, cancellationToken);

    public ValueTask<IReadOnlyList<SubmitReply>> SubmitManyAsync(
        IReadOnlyList<JobSubmission> submissions, bool atomic, IdempotencyKey? key = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No wire begins several jobs at once.");

    public ValueTask<JobLookup> FindAsync(JobId id, JobParts parts = JobParts.Status, CancellationToken cancellationToken = default) => inner.FindAsync(id, parts, cancellationToken);

    public ValueTask<JobLookup> WaitAsync(
        JobId id, TimeSpan timeout, JobRevision? changedSince = null, JobParts parts = JobParts.Status, CancellationToken cancellationToken = default) =>
        inner.WaitAsync(id, timeout, changedSince, parts, cancellationToken);

    public IAsyncEnumerable<JobEvent> WatchAsync(JobId id, JobRevision? after = null, CancellationToken cancellationToken = default) => inner.WatchAsync(id, after, cancellationToken);

    public IAsyncEnumerable<JobEvent> WatchAllAsync(JobFilter filter, CancellationToken cancellationToken = default) => inner.WatchAllAsync(filter, cancellationToken);

    public ValueTask<JobPage> ListAsync(
        JobFilter filter, JobOrder order = JobOrder.CreatedDescending, JobCursor? after = null, int limit = 50, CancellationToken cancellationToken = default) =>
        inner.ListAsync(filter, order, after, limit, cancellationToken);

    public ValueTask<Job> CancelAsync(JobId id, string? reason = null, CancellationToken cancellationToken = default) => inner.CancelAsync(id, reason, cancellationToken);

    public ValueTask<Job> RetryAsync(JobId id, JobId? newId = null, CancellationToken cancellationToken = default) => inner.RetryAsync(id, newId, cancellationToken);

    public ValueTask<Job> UpdateAsync(JobId id, JobUpdate update, JobRevision? ifMatch = null, CancellationToken cancellationToken = default) => inner.UpdateAsync(id, update, ifMatch, cancellationToken);

    public ValueTask PurgeAsync(JobId id, bool tombstone = true, CancellationToken cancellationToken = default) => inner.PurgeAsync(id, tombstone, cancellationToken);

    public ValueTask<JobReason> WhyAsync(JobId id, CancellationToken cancellationToken = default) => inner.WhyAsync(id, cancellationToken);
}

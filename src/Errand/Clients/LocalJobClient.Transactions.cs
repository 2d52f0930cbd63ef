using System.Data.Common;
using Errand.Storage;

namespace Errand.Clients;

internal sealed partial class LocalJobClient
{
    public async ValueTask<SubmitReceipt> SubmitAsync(JobSubmission submission, DbTransaction transaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var store = parts.Enlisted.Store ?? throw new InvalidOperationException(
            $"The store '{parts.Storage.Name}' cannot submit in a transaction of the app. SQLite and PostgreSQL can: services.AddErrand().UseSqlite(\"data\") or .UsePostgreSql(\"Host=…\").");

        // The transaction is what makes it happen once: no key is needed.
        var draft = await CheckAsync(submission, NoKeyNeeded, cancellationToken);
        var job = parts.Submitter.Build(caller, draft);
        var enlistment = await store.EnlistAsync(new JobBatch([job], Atomic: true, Idempotency: null, job.Head.CreatedAt), transaction, cancellationToken);
        var outcome = enlistment.Jobs[0];
        if (outcome.Kind == SubmitKind.Created) parts.Enlisted.Watch(enlistment);
        if (await WaitsAsync(outcome, submission, cancellationToken) is { } waiting) return waiting;
        var reply = await Replies.OfAsync(BatchKind.Stored, outcome, job, draft, "#", cancellationToken);
        return reply.Receipt ?? throw new JobProblemException(reply.Problem!);
    }

    /// <summary>What is in the way may be committed and not stored yet, and then is stored now; or it is a job of the very same transaction, whose key is used again.</summary>
    private async ValueTask<SubmitReceipt?> WaitsAsync(SubmitOutcome outcome, JobSubmission submission, CancellationToken cancellationToken)
    {
        if (outcome is not { Kind: SubmitKind.IdExists or SubmitKind.UniqueKeyTaken, Head: { Sequence: 0 } head }) return null;
        await parts.Enlisted.StoreAsync(cancellationToken);
        if (outcome.Kind != SubmitKind.UniqueKeyTaken || submission.OnConflict != UniqueConflict.Reuse || !caller.Sees(head.Tenant, head.Owner)) return null;
        var found = await _reader.FindAsync(head.Id, JobParts.Status, cancellationToken);
        return new SubmitReceipt(found.Job ?? new Job { Head = head }, SubmitReceiptKind.Reused);
    }
}

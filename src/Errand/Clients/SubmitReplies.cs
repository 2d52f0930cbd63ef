using Errand.Storage;
using Errand.Submits;

namespace Errand.Clients;

/// <summary>Tells a caller what became of what it submitted.</summary>
internal sealed class SubmitReplies(IJobStorage storage, JobCaller caller)
{
    /// <summary>What the whole batch met with, if it was refused as one.</summary>
    public static JobProblem? Refusal(BatchKind kind) => kind == BatchKind.KeyReused
        ? new JobProblem(JobProblems.IdempotencyKeyReused,
            "The Idempotency-Key was used for another request. Use a new key for a new request.")
        : null;

    /// <summary>A job of a batch that was stored, now or by the first request with this key.</summary>
    public async ValueTask<SubmitReply> OfAsync(
        BatchKind kind, SubmitOutcome outcome, NewJob? job, SubmitDraft? draft, string at, CancellationToken cancellationToken)
    {
        if (kind == BatchKind.Replayed) return await ReplayedAsync(outcome, cancellationToken);
        switch (outcome.Kind)
        {
            case SubmitKind.Created:
                return Accepted(new Job { Head = outcome.Head!, Details = job!.Details }, SubmitReceiptKind.Created);
            case SubmitKind.IdExists:
                return await ExistsAsync(outcome.Head!, job!, at, cancellationToken);
            case SubmitKind.IdPurged:
                return await PurgedAsync(job!.Head.Key, at, cancellationToken);
            case SubmitKind.UniqueKeyTaken:
                return await TakenAsync(outcome.Head!, draft!.Submission, at, cancellationToken);
            case SubmitKind.UploadMissing:
                return new SubmitReply(null, SubmitChecks.NoUpload(at));
            default:
                return Refused(
                    JobProblems.InvalidRequest, "It is fine by itself; nothing of the batch was stored because of its neighbours.", at,
                    null);
        }
    }

    private async ValueTask<SubmitReply> ReplayedAsync(SubmitOutcome first, CancellationToken cancellationToken)
    {
        if (first.Head is null)
        {
            return Refused(
                JobProblems.JobPurged, "The first request with this Idempotency-Key made a job that has been purged.", "#", null);
        }

        var job = await FindAsync(first.Head.Key, cancellationToken);
        return Accepted(
            job ?? new Job { Head = first.Head },
            first.Kind == SubmitKind.UniqueKeyTaken ? SubmitReceiptKind.Reused : SubmitReceiptKind.Replayed);
    }

    private async ValueTask<SubmitReply> ExistsAsync(JobHead existing, NewJob wanted, string at, CancellationToken cancellationToken)
    {
        var job = await FindAsync(existing.Key, cancellationToken);
        if (job?.Details.Fingerprint is { } first && first == wanted.Details.Fingerprint) return Accepted(job, SubmitReceiptKind.Replayed);
        return Refused(JobProblems.JobExists, $"The id {existing.Id} belongs to a different job. Use another id.", $"{at}/id", job);
    }

    private async ValueTask<SubmitReply> PurgedAsync(JobKey key, string at, CancellationToken cancellationToken)
    {
        var found = await storage.Jobs.FindAsync(key, JobParts.Status, cancellationToken);
        return found.Tombstone is { } tombstone && caller.Sees(key.Tenant, tombstone.Owner)
            ? new SubmitReply(null, JobReader.Gone(tombstone))
            : Refused(JobProblems.JobExists, $"The id {key.Id} belongs to a different job. Use another id.", $"{at}/id", null);
    }

    private async ValueTask<SubmitReply> TakenAsync(JobHead existing, JobSubmission wanted, string at, CancellationToken cancellationToken)
    {
        var job = await FindAsync(existing.Key, cancellationToken);
        return job is not null && wanted.OnConflict == UniqueConflict.Reuse
            ? Accepted(job, SubmitReceiptKind.Reused)
            : Refused(
                JobProblems.UniqueKeyConflict,
                $"A live job has the unique key '{wanted.UniqueKey}'. Wait until it is finished, or use another key.", $"{at}/uniqueKey", job);
    }

    /// <summary>The job as it is now, result and all. What the caller may not see is not shown, even when it is in the way.</summary>
    private async ValueTask<Job?> FindAsync(JobKey key, CancellationToken cancellationToken)
    {
        var found = await storage.Jobs.FindAsync(key, JobParts.Result, cancellationToken);
        return found.Job is { } job && caller.Sees(job.Head.Tenant, job.Head.Owner) ? job.For(caller) : null;
    }

    private static SubmitReply Accepted(Job job, SubmitReceiptKind kind) => new(new SubmitReceipt(job, kind), null);

    private static SubmitReply Refused(string name, string detail, string pointer, Job? job) =>
        new(null, new JobProblem(name, detail) { Errors = [new JobFieldError(pointer, detail)], Job = job });
}

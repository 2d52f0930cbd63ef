using Errand.Lifecycle;
using Errand.Storage;
using Errand.Submits;

namespace Errand.Clients;

/// <summary>The front door in the process that holds the store.</summary>
internal sealed partial class LocalJobClient(EngineParts parts, JobCaller caller) : IJobClient
{
    private const int BatchMax = 1_000;
    private const int PageMax = 200;

    private readonly JobReader _reader = new(parts.Storage, parts.Finished, parts.Enlisted, caller);
    private SubmitReplies Replies => new(parts.Storage, caller);

    public async ValueTask<Job> ValidateAsync(JobSubmission submission, CancellationToken cancellationToken = default)
    {
        var draft = await CheckAsync(submission, NoKeyNeeded, cancellationToken);
        var job = draft.Build(caller, default, parts.Time.GetUtcNow());
        return new Job { Head = job.Head, Details = job.Details };
    }

    public async ValueTask<SubmitReceipt> SubmitAsync(
        JobSubmission submission, IdempotencyKey? key = null, CancellationToken cancellationToken = default)
    {
        var draft = await CheckAsync(submission, key, cancellationToken);
        return await StoreAsync(draft, key, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<SubmitReply>> SubmitManyAsync(
        IReadOnlyList<JobSubmission> submissions, bool atomic, IdempotencyKey? key = null, CancellationToken cancellationToken = default)
    {
        if (submissions.Count is 0 or > BatchMax)
        {
            throw new JobProblemException(
                SubmitChecks.Invalid([new JobFieldError("#/items",
                $"A batch has 1 to {BatchMax:N0} jobs; this one has {submissions.Count:N0}.")]));
        }

        var batch = await SubmitBatch.CheckAsync(parts.Checks, caller, submissions, key, cancellationToken);
        if (atomic) batch.ThrowIfRefused();
        if (batch.Drafts.Count == 0) return batch.Replies();

        var (outcome, jobs) = await parts.Submitter.StoreAsync(caller, batch.Drafts, atomic, key, cancellationToken);
        if (SubmitReplies.Refusal(outcome.Kind) is { } refusal) throw new JobProblemException(refusal);
        for (var i = 0; i < outcome.Jobs.Count; i++)
        {
            var place = batch.Place(i);
            batch.Set(place, await Replies.OfAsync(
                outcome.Kind, outcome.Jobs[i], jobs.ElementAtOrDefault(i), batch.Drafts.ElementAtOrDefault(i), SubmitBatch.Pointer(place),
                cancellationToken));
        }

        if (outcome.Kind == BatchKind.RolledBack) batch.ThrowUnlessReplayed(outcome.Jobs);
        return batch.Replies();
    }

    public ValueTask<JobLookup> FindAsync(JobId id, JobParts jobParts = JobParts.Status, CancellationToken cancellationToken = default) =>
        _reader.FindAsync(id, jobParts, cancellationToken);

    public async ValueTask<JobPage> ListAsync(
        JobFilter filter, JobOrder order = JobOrder.CreatedDescending, JobCursor? after = null, int limit = 50,
        CancellationToken cancellationToken = default)
    {
        var query = new JobQuery
        {
            Tenant = caller.Tenant,
            Owner = caller.SeesAll ? null : caller.Subject,
            Filter = filter,
            Order = order,
            After = after,
            Limit = Math.Clamp(limit, 1, PageMax),
            AsOf = parts.Time.GetUtcNow(),
        };
        var page = await parts.Storage.Jobs.ListAsync(query, cancellationToken);
        return caller.IsAdmin ? page : page with { Jobs = page.Jobs.Select(job => job.For(caller)).ToList() };
    }

    public async ValueTask<Job> CancelAsync(JobId id, string? reason = null, CancellationToken cancellationToken = default)
    {
        if (reason?.Length > SubmissionRules.LabelValueMax)
        {
            throw new JobProblemException(
                SubmitChecks.Invalid([new JobFieldError("#/reason",
                $"The reason has at most {SubmissionRules.LabelValueMax} characters.")]));
        }

        var job = await _reader.GetAsync(id, JobParts.Status, cancellationToken);
        return (await parts.Writer.WriteAsync(job, new JobCommand.Cancel(reason), cancellationToken)).For(caller);
    }

    public async ValueTask<Job> UpdateAsync(
        JobId id, JobUpdate update, JobRevision? ifMatch = null, CancellationToken cancellationToken = default)
    {
        var job = await _reader.GetAsync(id, JobParts.Status, cancellationToken);
        var errors = SubmissionRules.Check(update, parts.Time.GetUtcNow());
        if (errors.Count > 0) throw new JobProblemException(SubmitChecks.Invalid(errors));
        var command = new JobCommand.Update(update) { IfVersion = ifMatch?.Version };
        return (await parts.Writer.WriteAsync(job, command, cancellationToken)).For(caller);
    }

    public async ValueTask PurgeAsync(JobId id, bool tombstone = true, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var job = await _reader.GetAsync(id, JobParts.Status, cancellationToken);
            if (!job.Head.State.IsTerminal())
            {
                throw new JobProblemException(
                    new JobProblem(JobProblems.JobActive, "Only a finished job can be purged. Cancel it first.") { Job = job.For(caller) });
            }

            var purged = await PurgeAsync(job.Head.Key, tombstone, cancellationToken);
            if (purged.Jobs == 0) continue;
            await parts.Files.RemoveAsync(purged.Locations, cancellationToken);
            return;
        }
    }

    // Also where nobody knows whether it was purged: what is forgotten is only read again.
    private async ValueTask<Purged> PurgeAsync(JobKey key, bool tombstone, CancellationToken cancellationToken)
    {
        try
        {
            return await parts.Storage.Retention.PurgeAsync(key, tombstone, parts.Time.GetUtcNow(), cancellationToken);
        }
        finally
        {
            parts.Finished.Forget(key);
        }
    }

    public async ValueTask<JobReason> WhyAsync(JobId id, CancellationToken cancellationToken = default)
    {
        var job = await _reader.GetAsync(id, JobParts.Status, cancellationToken);
        return await parts.Reasons.OfAsync(job, caller, cancellationToken);
    }

    /// <summary>Validation is not a submit: it needs no key.</summary>
    private static readonly IdempotencyKey NoKeyNeeded = new("validate", "", default);

    private async ValueTask<SubmitDraft> CheckAsync(JobSubmission submission, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var (draft, problem) = await parts.Checks.CheckAsync(caller, submission, key, "#", cancellationToken);
        return draft ?? throw new JobProblemException(problem!);
    }

    private async ValueTask<SubmitReceipt> StoreAsync(SubmitDraft draft, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var (outcome, jobs) = await parts.Submitter.StoreAsync(caller, [draft], atomic: false, key, cancellationToken);
        if (SubmitReplies.Refusal(outcome.Kind) is { } refusal) throw new JobProblemException(refusal);
        var reply = await Replies.OfAsync(outcome.Kind, outcome.Jobs[0], jobs[0], draft, "#", cancellationToken);
        return reply.Receipt ?? throw new JobProblemException(reply.Problem!);
    }
}

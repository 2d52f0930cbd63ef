using Errand.Catalog;
using Errand.Signals;
using Errand.Storage;
using Errand.Telemetry;

namespace Errand.Submits;

/// <summary>Stores drafts and tells whoever waits for work.</summary>
internal sealed class JobSubmitter(
    IJobStorage storage, SubmitGate gate, QueueCatalog queues, JobSignals signals, ErrandMetrics metrics, TimeProvider time)
{
    /// <summary>How long a request is remembered by its Idempotency-Key.</summary>
    public static readonly TimeSpan RememberedFor = TimeSpan.FromHours(24);

    /// <summary>About what a job costs in memory beside its documents.</summary>
    private const int HeadBytes = 512;

    /// <summary>Stores drafts in one transaction; on a replay the outcomes are those of the first request, as the jobs are now.</summary>
    public async ValueTask<(BatchOutcome Outcome, NewJob[] Jobs)> StoreAsync(
        JobCaller caller, IReadOnlyList<SubmitDraft> drafts, bool atomic, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        using var activity = ErrandActivities.Send(drafts[0].Submission, drafts[0].Queue);
        var now = time.GetUtcNow();
        var jobs = Build(caller, drafts, atomic, key, now);
        var record = key is null ? null : new IdempotencyRecord(
            caller.Tenant, SubmitScope.Of(caller, key), key.Fingerprint, now + RememberedFor);
        var outcome = await StoreAsync(new JobBatch(jobs, atomic, record, now), cancellationToken);
        metrics.Operation("send", time.GetElapsedTime(since));
        if (drafts.Count == 1) activity?.SetTag(ErrandTelemetry.MessageId, jobs[0].Head.Id.ToString());
        Announce(outcome);
        return (outcome, jobs);
    }

    /// <summary>The job of a draft, to be stored by somebody else.</summary>
    public NewJob Build(JobCaller caller, SubmitDraft draft)
    {
        using var activity = ErrandActivities.Send(draft.Submission, draft.Queue);
        var job = Build(caller, [draft], atomic: false, key: null, time.GetUtcNow())[0];
        activity?.SetTag(ErrandTelemetry.MessageId, job.Head.Id.ToString());
        return job;
    }

    private async ValueTask<BatchOutcome> StoreAsync(JobBatch batch, CancellationToken cancellationToken)
    {
        var bytes = batch.Jobs.Sum(static job => job.Input.Size + HeadBytes);
        await gate.EnterAsync(batch.Jobs.Count, bytes, cancellationToken);
        try
        {
            return await storage.Jobs.SubmitAsync(batch, cancellationToken);
        }
        catch (OutcomeUnknownException e) when (batch.Jobs.Count == 1)
        {
            var id = batch.Jobs[0].Head.Id;
            var fix = $"Submit it again with that id (PUT /v1/jobs/{id}): it is made at most once.";
            throw new OutcomeUnknownException($"Whether job {id} was stored is not known. {fix}", e) { Job = id };
        }
        catch (StorageException e) when (e.Fault == StorageFault.Full)
        {
            throw new JobProblemException(new JobProblem(
                JobProblems.StoreFull, "The store has no room for new jobs; nothing was stored. Free disk space or purge finished jobs.")
            {
                RetryAfter = TimeSpan.FromSeconds(30),
            });
        }
        finally
        {
            gate.Leave(batch.Jobs.Count, bytes);
        }
    }

    private static NewJob[] Build(JobCaller caller, IReadOnlyList<SubmitDraft> drafts, bool atomic, IdempotencyKey? key, DateTimeOffset now)
    {
        var jobs = new NewJob[drafts.Count];
        int? shared = null;
        for (var i = 0; i < jobs.Length; i++)
        {
            var submission = drafts[i].Submission;
            var shard = shared ?? SubmitScope.Shard(caller.Tenant, key, submission.UniqueKey);
            var id = submission.Id ?? (shard is { } known ? JobId.New(now, known) : JobId.New(now));
            if (atomic) shared ??= id.Shard;
            jobs[i] = drafts[i].Build(caller, id, now);
        }

        return jobs;
    }

    private void Announce(BatchOutcome outcome)
    {
        if (outcome.Kind != BatchKind.Stored) return;
        foreach (var job in outcome.Jobs)
        {
            if (job is not { Kind: SubmitKind.Created, Head: { } head }) continue;
            queues.Get(head.Queue);
            signals.Accepted(head);
        }
    }
}

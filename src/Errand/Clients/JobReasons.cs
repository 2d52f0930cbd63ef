using Errand.Catalog;
using Errand.Limits;
using Errand.Storage;
using Errand.Work;

namespace Errand.Clients;

/// <summary>Answers "why is this job not running?": the first thing that holds it, in the order in which a claim would meet it.</summary>
internal sealed class JobReasons(IJobStorage storage, QueueCatalog queues, SuspectGate suspects, TimeProvider time)
{
    private const int AheadMax = 10_000;
    private const int HoldersMax = 20;

    public async ValueTask<JobReason> OfAsync(Job job, JobCaller caller, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var head = job.Head;
        if (head.State.IsTerminal()) return Finished(head);
        var sessions = await storage.Sessions.ListAsync(cancellationToken);
        if (head.State.IsClaimed()) return Claimed(head, sessions.FirstOrDefault(session => session.Id == head.Session));
        if (head.DueAt > now) return Waits(head);
        await queues.ReadAsync(cancellationToken);
        var queue = queues.Get(head.Queue);
        if (queue.Settings.Paused)
        {
            return new JobReason("paused_queue", $"The queue '{head.Queue}' is paused; resume it to go on.", Queue: head.Queue);
        }

        if (!sessions.Any(session => session.ExpiresAt > now && Runs(session, head))) return NoWorker(head);
        return await LimitAsync(head, queue, caller, cancellationToken) ?? await TurnAsync(head, cancellationToken);
    }

    private static JobReason Finished(JobHead head) => new("finished", head.State switch
    {
        JobState.Succeeded => "The job has succeeded; it waits for nothing.",
        JobState.Failed => $"The job has failed ({head.Error?.Code}): {head.Error?.Message}",
        _ => "The job was canceled; it waits for nothing.",
    });

    private static JobReason Claimed(JobHead head, WorkerSession? session)
    {
        var worker = session?.Worker ?? "a worker that is gone";
        return head.State == JobState.Canceling
            ? new JobReason("canceling", $"The job is asked to stop and waits for its handler on {worker}.", session?.ExpiresAt,
                head.Queue, session?.Worker)
            : new JobReason("running", $"Attempt {head.Attempt} runs on {worker}.", session?.ExpiresAt, head.Queue, session?.Worker);
    }

    private static JobReason Waits(JobHead head) => head.Failures + head.Losses > 0
        ? new JobReason("retry_backoff", $"Attempt {head.Attempt} failed ({head.Error?.Code}); the next one starts at {head.DueAt:O}.",
            head.DueAt, head.Queue)
        : new JobReason("scheduled", $"The job is due at {head.DueAt:O}.", head.DueAt, head.Queue);

    private static JobReason NoWorker(JobHead head) => new(
        "no_worker", $"No living worker runs the type '{head.Type}' from the queue '{head.Queue}'. Start one that has a handler for it.",
        Queue: head.Queue);

    private static bool Runs(WorkerSession session, JobHead head) =>
        session.Types.Contains(head.Type)
        && JobNames.Serves(session.Queues, head.Queue)
        && (session.Tenant is null || session.Tenant == head.Tenant);

    /// <summary>Jobs that hold a limit are named only as far as the caller may see them.</summary>
    private async ValueTask<JobReason?> LimitAsync(JobHead head, QueueState queue, JobCaller caller, CancellationToken cancellationToken)
    {
        var running = await CountAsync(head.Queue, state => state.IsClaimed(), cancellationToken);
        if (queue.Settings.MaxConcurrency is { } limit && running >= limit)
        {
            var holders = await HoldersAsync(head.Queue, caller, cancellationToken);
            return new JobReason(
                "concurrency_limit", $"The queue '{head.Queue}' runs at most {limit} jobs at once, and that many run.", Queue: head.Queue,
                Jobs: holders);
        }

        if (queue.UntilPermitted() is var wait && wait > TimeSpan.Zero)
        {
            return new JobReason(
                "rate_limit", $"The queue '{head.Queue}' starts at most {queue.Settings.Rate:0.###} jobs a second.",
                time.GetUtcNow() + wait, head.Queue);
        }

        return head.Losses > 0 && suspects.IsTaken(head)
            ? new JobReason("waiting_turn", "The job lost its worker before; such jobs run one at a time, and another one runs.",
                Queue: head.Queue)
            : null;
    }

    private async ValueTask<IReadOnlyList<JobId>> HoldersAsync(string queue, JobCaller caller, CancellationToken cancellationToken)
    {
        var page = await storage.Jobs.ListAsync(
            new JobQuery
            {
                Tenant = caller.Tenant,
                Owner = caller.SeesAll ? null : caller.Subject,
                Filter = new JobFilter { Queues = [queue], Statuses = [JobStatus.Running, JobStatus.Canceling] },
                Limit = HoldersMax,
                AsOf = time.GetUtcNow(),
            },
            cancellationToken);
        return page.Jobs.Select(job => job.Head.Id).ToList();
    }

    /// <summary>An upper bound from rolled-up counts: an exact place would cost a scan.</summary>
    private async ValueTask<JobReason> TurnAsync(JobHead head, CancellationToken cancellationToken)
    {
        var waiting = await CountAsync(head.Queue, state => state == JobState.Queued, cancellationToken);
        var ahead = (int)Math.Clamp(waiting - 1, 0, AheadMax);
        var sentence = ahead == 0
            ? $"The job is next in the queue '{head.Queue}' and starts when a worker has room."
            : $"The job waits for its turn in the queue '{head.Queue}'; at most {ahead:N0} jobs are ahead of it.";
        return new JobReason("waiting_turn", sentence, Queue: head.Queue, Ahead: ahead);
    }

    private async ValueTask<long> CountAsync(string queue, Func<JobState, bool> counts, CancellationToken cancellationToken)
    {
        var lanes = await storage.Catalog.CountAsync(null, cancellationToken);
        return lanes.Where(lane => lane.Queue == queue && counts(lane.State)).Sum(lane => lane.Jobs);
    }
}

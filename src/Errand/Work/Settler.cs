using Errand.Lifecycle;
using Errand.Outputs;
using Errand.Signals;
using Errand.Storage;
using Errand.Telemetry;

namespace Errand.Work;

/// <summary>
/// Writes outcomes of attempts: decided on the heads that the sessions hold, in one statement for the whole batch. Only who loses a race
/// – a cancel came in – is read and decided again.
/// </summary>
internal sealed class Settler(
    IJobStorage storage, LiveSessions sessions, ProgressBook progress, ResultPlacer results, JobKeeping keeping, JobSignals signals,
    IRetryPolicy retries, ErrandMetrics metrics, TimeProvider time)
{
    public async ValueTask<IReadOnlyList<bool>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        await progress.FlushAsync(settlements.Select(settlement => settlement.Ticket), cancellationToken);
        var written = new bool[settlements.Count];
        var attempts = new List<Attempt>(settlements.Count);
        for (var i = 0; i < settlements.Count; i++)
        {
            if (await PrepareAsync(settlements[i], i, cancellationToken) is { } attempt) attempts.Add(attempt);
        }

        await WriteAsync(attempts, written, cancellationToken);
        foreach (var settlement in settlements)
        {
            sessions.Find(settlement.Ticket.Session)?.Drop(settlement.Ticket);
            progress.Forget(settlement.Ticket);
        }

        metrics.Operation("settle", time.GetElapsedTime(since));
        return written;
    }

    /// <summary>Carries out a command on a job that was claimed just now.</summary>
    public ValueTask<bool> WriteAsync(ClaimedJob job, JobCommand command, CancellationToken cancellationToken) =>
        AgainAsync(new Attempt(0, job.Ticket, new HeldJob(job.Head, job.Details), command), cancellationToken);

    private async ValueTask WriteAsync(List<Attempt> attempts, bool[] written, CancellationToken cancellationToken)
    {
        var changes = new List<JobChange>(attempts.Count);
        var decided = new List<Attempt>(attempts.Count);
        foreach (var attempt in attempts)
        {
            if (Decide(attempt) is not JobDecision.Change change) continue;
            changes.Add(change.Value);
            decided.Add(attempt);
        }

        if (changes.Count == 0) return;
        var outcomes = await storage.Queue.SettleAsync(changes, cancellationToken);
        for (var i = 0; i < decided.Count; i++)
        {
            if (outcomes[i] == ChangeOutcome.Applied) signals.Changed(changes[i].Before, changes[i].After);
            written[decided[i].Place] = outcomes[i] == ChangeOutcome.Applied
                || (outcomes[i] == ChangeOutcome.Conflict && await AgainAsync(decided[i], cancellationToken));
        }
    }

    /// <summary>Reads the job anew until the outcome is written, or the claim turns out to be over.</summary>
    private async ValueTask<bool> AgainAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        while (await ReadAsync(attempt.Ticket, cancellationToken) is { } fresh)
        {
            attempt = attempt with { Job = fresh };
            if (Decide(attempt) is not JobDecision.Change { Value: var change }) return false;
            var outcome = await storage.Jobs.ApplyAsync([change], cancellationToken);
            if (outcome[0] != ChangeOutcome.Applied) continue;
            signals.Changed(change.Before, change.After);
            return true;
        }

        return false;
    }

    private async ValueTask<Attempt?> PrepareAsync(Settlement settlement, int place, CancellationToken cancellationToken)
    {
        var session = sessions.Find(settlement.Ticket.Session);
        if ((session?.Find(settlement.Ticket) ?? await ReadAsync(settlement.Ticket, cancellationToken)) is not { } job) return null;
        var (outcome, result) = await results.PlaceAsync(settlement.Ticket, settlement.Outcome, cancellationToken);
        var command = new JobCommand.Settle(settlement.Ticket.Token, outcome)
        {
            Result = result,
            RetryDelay = RetryDelay(job.Head, outcome),
            Worker = session?.Request.Worker,
        };
        return new Attempt(place, settlement.Ticket, job, command);
    }

    private TimeSpan RetryDelay(JobHead job, JobOutcome outcome) => outcome is JobOutcome.Failed { Error.Retryable: true } failed
        ? failed.RetryAfter ?? retries.DelayAfter(job, job.Failures + 1)
        : TimeSpan.Zero;

    /// <summary>The job as it is now, if the ticket still holds it.</summary>
    private async ValueTask<HeldJob?> ReadAsync(JobTicket ticket, CancellationToken cancellationToken)
    {
        var found = await storage.Jobs.FindAsync(ticket.Key, JobParts.Status, cancellationToken);
        return found.Job is { } job && job.Head.Token == ticket.Token && job.Head.State.IsClaimed() ? new HeldJob(job.Head,
            job.Details) : null;
    }

    private JobDecision Decide(Attempt attempt) => JobLifecycle.Decide(
        attempt.Job.Head, attempt.Command with { Retention = keeping.Of(attempt.Job.Head, attempt.Job.Details) }, time.GetUtcNow());

    /// <summary>An outcome on its way into the store.</summary>
    private readonly record struct Attempt(int Place, JobTicket Ticket, HeldJob Job, JobCommand Command);
}

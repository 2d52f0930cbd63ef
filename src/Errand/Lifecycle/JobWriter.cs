using Errand.Clients;
using Errand.Signals;
using Errand.Storage;

namespace Errand.Lifecycle;

/// <summary>Read, decide, apply, and on a conflict read again: how every change but a settle is made.</summary>
internal sealed class JobWriter(IJobStorage storage, JobSignals signals, JobKeeping keeping, TimeProvider time)
{
    /// <summary>Carries out a command on a job that was just read. Returns the job as it then is, changed or not.</summary>
    public async ValueTask<Job> WriteAsync(Job job, JobCommand command, CancellationToken cancellationToken)
    {
        while (true)
        {
            var decision = Decide(job, command);
            if (decision is JobDecision.Refuse refusal) throw new JobProblemException(refusal.Problem with { Job = job.Plain() });
            if (decision is not JobDecision.Change { Value: var change })
            {
                // The change was made before, by a request whose answer may have been lost: what is answered now must be durable now.
                await storage.Jobs.ApplyAsync([], cancellationToken);
                return job;
            }

            var written = await storage.Jobs.ApplyAsync([change], cancellationToken);
            if (written[0] == ChangeOutcome.Applied)
            {
                signals.Changed(change.Before, change.After);
                return Applied(job, change);
            }

            var found = await storage.Jobs.FindAsync(job.Head.Key, JobParts.Status, cancellationToken);
            job = found.Job ?? throw new JobProblemException(JobProblems.NotFound, "There is no such job.");
        }
    }

    /// <summary>
    /// Carries out one command for each of many jobs in one write. Whoever loses a race is left alone: the sweep that asked comes again.
    /// Returns how many jobs changed.
    /// </summary>
    public async ValueTask<int> WriteAllAsync(IReadOnlyList<(Job Job, JobCommand Command)> commands, CancellationToken cancellationToken)
    {
        List<JobChange> changes = [];
        foreach (var (job, command) in commands)
        {
            if (Decide(job, command) is JobDecision.Change change) changes.Add(change.Value);
        }

        if (changes.Count == 0) return 0;
        var written = await storage.Jobs.ApplyAsync(changes, cancellationToken);
        for (var i = 0; i < changes.Count; i++)
        {
            if (written[i] == ChangeOutcome.Applied) signals.Changed(changes[i].Before, changes[i].After);
        }

        return written.Count(outcome => outcome == ChangeOutcome.Applied);
    }

    private JobDecision Decide(Job job, JobCommand command) =>
        JobLifecycle.Decide(job.Head, command with { Retention = keeping.Of(job.Head, job.Details) }, time.GetUtcNow());

    private static Job Applied(Job job, JobChange change) => change.Labels is { } labels
        ? job with { Head = change.After, Details = job.Details with { Labels = labels } }
        : job with { Head = change.After };
}

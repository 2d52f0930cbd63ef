using Errand.Storage;
using Errand.Submits;

namespace Errand.Clients;

/// <summary>A finished job is never begun again: a retry is a new job that names the old one.</summary>
internal sealed partial class LocalJobClient
{
    public async ValueTask<Job> RetryAsync(JobId id, JobId? newId = null, CancellationToken cancellationToken = default)
    {
        if (newId is null) return await RetryAnewAsync(id, null, cancellationToken);
        if (await RetriedAsync(id, newId.Value, cancellationToken) is { } there) return there;
        try
        {
            return await RetryAnewAsync(id, newId, cancellationToken);
        }
        catch (JobProblemException e) when (e.Problem.Name == JobProblems.JobExists)
        {
            // Somebody who asked for the same was faster, with a copy of the items of its own: to the store those are two jobs.
            return await RetriedAsync(id, newId.Value, cancellationToken) ?? throw new JobProblemException(e.Problem);
        }
    }

    private async ValueTask<Job?> RetriedAsync(JobId id, JobId newId, CancellationToken cancellationToken)
    {
        var found = await _reader.FindAsync(newId, JobParts.Status, cancellationToken);
        if (found.Tombstone is { } tombstone) throw new JobProblemException(JobReader.Gone(tombstone));
        return found.Job is { } job && job.Details.RetryOf == id.ToString() ? job : null;
    }

    private async ValueTask<Job> RetryAnewAsync(JobId id, JobId? newId, CancellationToken cancellationToken)
    {
        var job = await _reader.GetAsync(id, JobParts.Input, cancellationToken);
        if (job.Head.State is not (JobState.Failed or JobState.Canceled))
        {
            throw new JobProblemException(new JobProblem(
                JobProblems.JobNotFinished,
                $"The job is {job.Head.StatusAt(parts.Time.GetUtcNow()).Word()}; only a failed or canceled job can be retried.")
            {
                Job = job.For(caller),
            });
        }

        var again = await AgainAsync(job, newId, cancellationToken);
        var (draft, problem) = await parts.Checks.CheckAsync(caller, again, NoKeyNeeded, "#", cancellationToken);
        if (draft is null) throw new JobProblemException(problem!);
        return (await StoreAsync(draft with { Owner = job.Head.Owner, RetryOf = id }, null, cancellationToken)).Job;
    }

    /// <summary>The same work with a new clock: what was said in instants (runAt, deadline) is over.</summary>
    private async ValueTask<JobSubmission> AgainAsync(Job job, JobId? newId, CancellationToken cancellationToken)
    {
        var input = job.Input ?? JobInput.None;
        return new JobSubmission
        {
            Id = newId,
            Type = job.Head.Type,
            Queue = job.Head.Queue,
            Priority = job.Head.Priority,
            MaxAttempts = job.Head.MaxAttempts,
            UniqueKey = job.Head.UniqueKey,
            Input = input.Json,
            Items = input.Items,
            ItemsFrom = input.UploadId is { } upload ? await parts.Uploads.CopyAsync(job.Head.Tenant, upload, caller.Subject,
            cancellationToken) : null,
            Labels = job.Details.Labels,
            Timeout = job.Details.Timeout,
            Retention = job.Details.Retention,
            CorrelationId = job.Details.CorrelationId,
            ParentId = job.Details.ParentId,
        };
    }
}

using Errand.Storage;
using Errand.Submits;

namespace Errand.Clients;

/// <summary>A finished job is never begun again: a retry is a new job that names the old one.</summary>
internal sealed partial class LocalJobClient
{
    public async ValueTask<Job> RetryAsync(JobId id, CancellationToken cancellationToken = default)
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

        var again = await AgainAsync(job, cancellationToken);
        var (draft, problem) = await parts.Checks.CheckAsync(caller, again, NoKeyNeeded, "#", cancellationToken);
        if (draft is null) throw new JobProblemException(problem!);
        return (await StoreAsync(draft with { Owner = job.Head.Owner, RetryOf = id }, null, cancellationToken)).Job;
    }

    /// <summary>The same work with a new clock: what was said in instants (runAt, deadline) is over.</summary>
    private async ValueTask<JobSubmission> AgainAsync(Job job, CancellationToken cancellationToken)
    {
        var input = job.Input ?? JobInput.None;
        return new JobSubmission
        {
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

using Errand.Cli.Clients;
using Errand.Contracts;

namespace Errand.Cli.Jobs;

/// <summary>Waiting for one job with its progress on the error stream.</summary>
internal static class Waiting
{
    /// <summary>Follows until the job is finished or the time is over; returns the job as it then is.</summary>
    public static async Task<JobResource> FollowAsync(ClientRun run, string id, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var job = run.Job(id);
        using var limit = timeout is { } time ? new CancellationTokenSource(time, run.Terminal.Time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await new JobFollower(job, run.Terminal).FollowAsync(run.Terminal.Error, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            run.Note($"The time to wait is over; {id} goes on.");
        }

        // Events leave the result out.
        return (await job.GetAsync(cancellationToken)).Job;
    }
}

using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary>Holds answers, within the caller's share, and lets go when the host stops: the client then asks again elsewhere.</summary>
internal static class Waiting
{
    /// <summary>Waits for the end of a job; the job as it then is.</summary>
    public static async ValueTask<Job> ForEndAsync(ApiCall call, Job job, TimeSpan timeout) =>
        ApiCall.Found(await ForAsync(call, job.Head.Id, timeout, changedSince: null, JobParts.Result));

    /// <summary>Waits for the end, or for any change since a revision.</summary>
    public static async ValueTask<JobLookup> ForAsync(ApiCall call, JobId id, TimeSpan timeout, JobRevision? changedSince, JobParts parts)
    {
        if (timeout <= TimeSpan.Zero) return await call.Jobs.FindAsync(id, parts, call.Aborted);
        using var place = call.Api.Limits.Take(call.Principal.Caller, "waits", call.Api.Options.WaitsPerCallerMax);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, call.Api.Stopping);
        try
        {
            return await call.Jobs.WaitAsync(id, timeout, changedSince, parts, stop.Token);
        }
        catch (OperationCanceledException) when (!call.Aborted.IsCancellationRequested)
        {
            return await call.Jobs.FindAsync(id, parts, call.Aborted);
        }
    }
}

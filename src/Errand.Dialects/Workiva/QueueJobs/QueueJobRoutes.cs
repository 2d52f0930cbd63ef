using Errand.AspNetCore;

namespace Errand.Dialects.Workiva;

/// <summary><c>GET /spreadsheets/v1/queue-jobs/{jobId}</c>, and its output under a signed URL.</summary>
internal sealed class QueueJobRoutes(WorkivaOptions options)
{
    /// <summary>The name of the refusal of a job that is no queue job.</summary>
    public const string OtherKind = "other-kind";

    public const string Path = WorkivaPaths.QueueJobs + "/queue-jobs";

    private readonly QueueJobLinks links = new(options);

    public IEnumerable<DialectRoute> All =>
    [
        new("GET", Path + "/{jobId}", ShowAsync) { Scope = "data_tables|r" },
        new("GET", Path + "/{jobId}/output", OutputAsync) { Open = true },
    ];

    private async Task ShowAsync(DialectCall call)
    {
        WorkivaExchange.CheckVersion(call, WorkivaPaths.QueueJobs);
        var job = DialectCall.Found(await call.Jobs.FindAsync(WorkivaExchange.JobIdOf(call, "jobId"), cancellationToken: call.Aborted));
        if (options.QueueJobTypes is { } types && !types.Contains(job.Head.Type)) throw NoQueueJob();
        // One that is redirected is told anew each time: its Location goes with the body.
        var request = WorkivaExchange.RequestIdOf(call.Http);
        if (call.TrySendFinished(job, Path, request)) return;
        var output = await links.ForAsync(call, job);
        var data = QueueJobMapping.Data(job, request, output ?? $"{call.BaseUrl}{Path}/{job.Head.Id}");
        if (options.SeeOther is WorkivaSeeOther.Never || output is null)
        {
            await call.SendFinishedAsync(job, Path, data, QueueJobJson.Default.QueueJobData, requestId: request);
            return;
        }

        // Never to itself: clients would follow for ever.
        call.Response.Headers.Location = output;
        await call.Http.WriteJsonAsync(data, QueueJobJson.Default.QueueJobData, 303);
    }

    private static async Task OutputAsync(DialectCall call)
    {
        var content = await QueueJobLinks.OpenAsync(call, WorkivaExchange.JobIdOf(call, "jobId")) ?? throw new JobProblemException(JobProblems.NotFound, "The job has no such output any more.");
        await call.Http.WriteFileAsync(content);
    }

    private static DialectProblemException NoQueueJob()
    {
        const string detail = "The job is there, and it is no queue job. Ask for it where it was begun.";
        return new DialectProblemException(new DialectProblem(422, OtherKind, detail) { Errors = [new JobFieldError("jobId", detail)] });
    }
}

using Errand.AspNetCore;
using Errand.Storage;

namespace Errand.Dialects.Workiva;

/// <summary><c>GET …/operations/{operationId}</c> and its results, under each of the vendor's prefixes.</summary>
internal sealed class OperationRoutes(WorkivaOptions options)
{
    private const int DetailsMax = 100;

    public IEnumerable<DialectRoute> All => WorkivaPaths.Operations.SelectMany(Below);

    /// <summary>Where an operation lies.</summary>
    public static string UrlOf(DialectCall call, string family, JobId id) => $"{call.BaseUrl}{family}/operations/{id}";

    private IEnumerable<DialectRoute> Below(string family) =>
    [
        new DialectRoute("GET", family + "/operations/{operationId}", call => ShowAsync(call, family)),
        .. StarterTable.Results.Select(name => new DialectRoute(
            "GET", $"{family}/operations/{{operationId}}/{name}", call => new OperationResults(call, family, name).AnswerAsync()) { Scope = "file:read" }),
    ];

    private async Task ShowAsync(DialectCall call, string family)
    {
        WorkivaExchange.CheckVersion(call, family);
        var job = DialectCall.Found(await call.Jobs.FindAsync(WorkivaExchange.JobIdOf(call, "operationId"), cancellationToken: call.Aborted));
        if (call.TrySendFinished(job, family)) return;
        var failed = job.Items is { Failed: > 0 }
            ? await call.Contents.ListItemsAsync(job.Head.Id, new ItemQuery(Status: JobItemStatus.Failed, Limit: DetailsMax), call.Aborted)
            : [];
        if (!job.Head.State.IsTerminal()) WorkivaExchange.SetRetryAfter(call.Response, options.RetryAfter);
        var operation = OperationMapping.Of(job, call.Now, await ResourceOfAsync(call, family, job), failed);
        await call.SendFinishedAsync(job, family, operation, OperationJson.Default.Operation);
    }

    // Where the call that began it says, else what it published; an operation of neither has nothing to lead to.
    private async ValueTask<string?> ResourceOfAsync(DialectCall call, string family, Job job)
    {
        if (job.Head.State is not JobState.Succeeded) return null;
        if (StarterLabels.StarterOf(job)?.Results is { } results) return $"{UrlOf(call, family, job.Head.Id)}/{results}";
        return await new QueueJobLinks(options).ForAsync(call, job);
    }
}

using Errand.AspNetCore;

namespace Errand.Dialects.Workiva;

/// <summary>The calls that begin jobs: those of the options, each under every prefix that its version has.</summary>
internal static class StarterRoutes
{
    // The vendor's own limit of a body.
    private const long BodyBytesMax = 10_485_760;

    public static IEnumerable<DialectRoute> For(WorkivaOptions options)
    {
        foreach (var (key, type) in options.Starters)
        {
            var starter = StarterTable.Of(key);
            if (starter.IsQueueJob) yield return Route(starter, starter.Path, call => AnswerQueueJobAsync(call, starter, type));
            else if (starter.IsWhole) yield return Operation(options, starter, WorkivaPaths.FamilyOf(starter.Path), starter.Path, type);
            else foreach (var family in WorkivaPaths.Operations) yield return Operation(options, starter, family, family + starter.Path, type);
        }
    }

    private static DialectRoute Operation(WorkivaOptions options, Starter starter, string family, string path, string type) =>
        Route(starter, path, call => AnswerOperationAsync(call, options, starter, family, type));

    private static DialectRoute Route(Starter starter, string path, Func<DialectCall, Task> answer) =>
        new(starter.Method, path, answer) { Scope = starter.Scope, BodyBytesMax = BodyBytesMax };

    private static async Task AnswerOperationAsync(DialectCall call, WorkivaOptions options, Starter starter, string family, string type)
    {
        WorkivaExchange.CheckVersion(call, family);
        var job = await StartJob.SubmitAsync(call, starter, type);
        call.Response.Headers.Location = OperationRoutes.UrlOf(call, family, job.Head.Id);
        WorkivaExchange.SetRetryAfter(call.Response, options.RetryAfter);
        await call.Http.WriteBytesAsync(ReadOnlyMemory<byte>.Empty, 202, "application/json");
    }

    private static async Task AnswerQueueJobAsync(DialectCall call, Starter starter, string type)
    {
        WorkivaExchange.CheckVersion(call, WorkivaPaths.QueueJobs);
        var job = await StartJob.SubmitAsync(call, starter, type);
        var url = $"{call.BaseUrl}{QueueJobRoutes.Path}/{job.Head.Id}";
        call.Response.Headers.Location = url;
        var body = new QueueJobCreated(new QueueJobName(job.Head.Id.ToString()), url, WorkivaExchange.RequestIdOf(call.Http).ToString());
        await call.Http.WriteJsonAsync(body, QueueJobJson.Default.QueueJobCreated, 202);
    }
}

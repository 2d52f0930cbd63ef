using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary><c>GET /jobs/{id}/why</c>.</summary>
internal static class WhyJob
{
    public static readonly ApiRoute Route = new("whyJob", "GET", "jobs/{id}/why", ErrandScopes.Read, AnswerAsync)
    {
        Tag = "Jobs",
        Summary = "Tells what a job waits for, in one sentence and in words for machines.",
        Replies = [new(200, "The reason.", typeof(WhyResource)), new(404, "Unknown, or not visible."), new(410, "The job was there and is purged.")],
    };

    private static async Task AnswerAsync(ApiCall call)
    {
        var reason = await call.Jobs.WhyAsync(call.JobId, call.Aborted);
        var resource = new WhyResource
        {
            Code = reason.Code,
            Sentence = reason.Sentence,
            Until = reason.Until,
            Queue = reason.Queue,
            Worker = reason.Worker,
            Jobs = reason.Jobs?.Select(j => j.ToString()).ToList(),
            Ahead = reason.Ahead,
        };
        await call.JsonAsync(200, resource, ErrandJsonContext.Default.WhyResource);
    }
}

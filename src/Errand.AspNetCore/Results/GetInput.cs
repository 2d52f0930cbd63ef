namespace Errand.AspNetCore;

/// <summary><c>GET /jobs/{id}/input</c>.</summary>
internal static class GetInput
{
    public static readonly ApiRoute Route = new("getInput", "GET", "jobs/{id}/input", ErrandScopes.ReadInput, AnswerAsync)
    {
        Tag = "Results",
        Summary = "Fetches the input that a job was submitted with.",
        Replies =
        [
            new(200, "The input.", typeof(Contracts.RawJson)), new(204, "The job has no input."),
            new(404, "Unknown, or not visible."), new(410, "The job was there and is purged."),
        ],
    };

    private static async Task AnswerAsync(ApiCall call)
    {
        var job = ApiCall.Found(await call.Jobs.FindAsync(call.JobId, JobParts.Input, call.Aborted));
        var response = call.Response;
        response.Headers.CacheControl = ApiAnswer.NoStore;
        response.Headers.Vary = ApiAnswer.Vary;
        if (job.Input is not { Json.IsEmpty: false } input)
        {
            response.StatusCode = 204;
            return;
        }

        response.ContentType = MediaTypes.Json;
        response.ContentLength = input.Json.Length;
        if (!Microsoft.AspNetCore.Http.HttpMethods.IsHead(call.Request.Method)) await response.Body.WriteAsync(input.Json, call.Aborted);
    }
}

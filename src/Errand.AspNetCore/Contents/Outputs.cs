using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary><c>GET /jobs/{id}/outputs</c> and one of them.</summary>
internal static class Outputs
{
    public static readonly ApiRoute List = new("listOutputs", "GET", "jobs/{id}/outputs", ErrandScopes.Read, ListAsync)
    {
        Tag = "Contents",
        Summary = "Lists the files that a job published.",
        Replies =
        [
            new(200, "All of them.", typeof(Page<OutputResource>)), new(404, "Unknown, or not visible."), new(410, "The job was there and is purged."),
        ],
    };

    public static readonly ApiRoute Get = new("getOutput", "GET", "jobs/{id}/outputs/{outputId}", ErrandScopes.Read, GetAsync)
    {
        Tag = "Contents",
        Summary = "Downloads a file that a job published.",
        Query = [new("format", "One of its availableFormats. Default: the first.")],
        Headers = [new("Range", "A range of bytes."), new("If-None-Match", "The ETag of the file.")],
        Produces = [],
        Replies =
        [
            new(200, "The file.", typeof(byte[]), FileAnswer.Headers) { MediaType = "*/*" },
            new(206, "The range.", typeof(byte[]), FileAnswer.Headers) { MediaType = "*/*" },
            new(304, "The file is the one that the client has."),
            new(404, "The job, the output or the format is unknown."),
            new(410, "The job was there and is purged."), new(416, "The range lies outside."),
        ],
    };

    private static async Task ListAsync(ApiCall call)
    {
        var id = call.JobId;
        var outputs = await call.Contents.ListOutputsAsync(id, call.Aborted);
        await call.JsonAsync(200, new Page<OutputResource> { Items = [.. outputs.Select(o => call.Map.Output(id, o))] }, ErrandJsonContext.Default.PageOutputResource);
    }

    private static async Task GetAsync(ApiCall call)
    {
        var content = await call.Contents.OpenOutputAsync(call.JobId, call.RouteValue("outputId"), QueryParameters.Text(call.Request, "format"), call.Aborted)
            ?? throw new ApiProblemException(ApiProblem.NotFound);
        await FileAnswer.SendAsync(call, content);
    }
}

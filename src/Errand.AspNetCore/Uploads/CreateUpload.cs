using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary><c>POST /uploads</c>: a file of items, streamed.</summary>
internal static class CreateUpload
{
    public static readonly ApiRoute Route = new("createUpload", "POST", "uploads", ErrandScopes.Submit, AnswerAsync)
    {
        Tag = "Uploads",
        Summary = "Uploads the items of a batch job: CSV with a header row, NDJSON, or a JSON array; up to 1 GiB. Name the upload as itemsFrom within a day.",
        Consumes = [MediaTypes.Csv, MediaTypes.Ndjson, MediaTypes.Json],
        Body = typeof(byte[]),
        LargeBody = true,
        Replies = [new(201, "The upload.", typeof(UploadResource), "Location"), new(507, "The store has no room.")],
    };

    private static async Task AnswerAsync(ApiCall call)
    {
        call.RefuseWhileDraining();
        var sent = call.Request.ContentType;
        var format = MediaTypes.Matches(sent, [MediaTypes.Csv]) ? UploadFormat.Csv
            : MediaTypes.Matches(sent, [MediaTypes.Ndjson]) ? UploadFormat.Ndjson
            : MediaTypes.Matches(sent, [MediaTypes.Json]) ? UploadFormat.Json
            : throw new ApiProblemException(new ApiProblem(
                ProblemCatalog.UnsupportedMediaType, $"Content-Type must be {string.Join(" or ", call.Route.Consumes)}.")
            { Header = ("Accept", string.Join(", ", call.Route.Consumes)) });
        var upload = await call.Contents.UploadAsync(format, call.Request.Body, call.Aborted);
        call.Response.Headers.Location = call.Urls.Upload(upload.Id);
        await call.JsonAsync(201, GetUpload.Map(upload), ErrandJsonContext.Default.UploadResource);
    }
}

using Errand.Contracts;
using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary><c>GET /uploads/{upload}</c>.</summary>
internal static class GetUpload
{
    public static readonly ApiRoute Route = new("getUpload", "GET", "uploads/{upload}", ErrandScopes.Submit, AnswerAsync)
    {
        Tag = "Uploads",
        Summary = "Reads what is known of one's own upload.",
        Replies = [new(200, "The upload.", typeof(UploadResource)), new(404, "Unknown, over, or somebody else's.")],
    };

    public static UploadResource Map(Upload upload) => new()
    {
        Id = upload.Id,
        Format = upload.Format,
        Items = upload.Items,
        Size = upload.Size,
        Digest = upload.Digest,
        ExpiresAt = upload.ExpiresAt,
    };

    private static async Task AnswerAsync(ApiCall call)
    {
        var caller = call.Principal.Caller;
        var upload = await call.Api.Storage.Uploads.FindAsync(caller.Tenant, call.RouteValue("upload"), call.Aborted);
        if (upload is null || upload.Owner != caller.Subject) throw new ApiProblemException(ApiProblem.NotFound);
        await call.JsonAsync(200, Map(upload), ErrandJsonContext.Default.UploadResource);
    }
}

using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>
/// Sends bytes that a job made: ranges, a strong ETag from the digest, and headers that keep them from acting on our origin – they are
/// somebody else's content.
/// </summary>
internal static class FileAnswer
{
    public static readonly string[] Headers = ["ETag", "Accept-Ranges", "Content-Range", "Repr-Digest", "Content-Disposition"];

    public static Task SendAsync(ApiCall call, OutputContent content) => SendAsync(call.Http, content);

    public static async Task SendAsync(HttpContext http, OutputContent content)
    {
        await using (content)
        {
            var headers = http.Response.Headers;
            headers.CacheControl = ApiAnswer.NoStore;
            headers.Vary = ApiAnswer.Vary;
            headers["Repr-Digest"] = content.Digest;
            headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
            if (content.StatusCode is > 200 and < 300 and not 204 and not 205 and not 206) http.Response.StatusCode = content.StatusCode;

            // The digest is base64 in colons; any of that may stand inside an entity tag.
            var tag = new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{content.Digest}\"");
            var file = TypedResults.Stream(
                content.Content, SafeType(content.ContentType), content.FileName, lastModified: null, tag, enableRangeProcessing: true);
            await file.ExecuteAsync(http);
        }
    }

    // A handler names the type; what cannot stand in a header is sent as plain bytes.
    private static string SafeType(string contentType) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var parsed) && contentType.All(c => c is >= ' ' and <= '~')
            ? parsed.ToString()
            : "application/octet-stream";
}

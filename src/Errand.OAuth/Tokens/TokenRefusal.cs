using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Errand.OAuth;

/// <summary>A refusal before OpenIddict has seen the request, in the shape of RFC 6749 §5.2 that it answers with too.</summary>
internal sealed record TokenRefusal(int Status, string Error, string Description)
{
    /// <summary>Where the words of <c>error</c> are explained; some vendors' clients expect an address.</summary>
    public const string ErrorPage = "https://www.rfc-editor.org/rfc/rfc6749#section-5.2";

    public async Task WriteAsync(HttpContext http)
    {
        var response = http.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json;charset=UTF-8";
        response.Headers.CacheControl = "no-store";
        if (Status == 405) response.Headers.Allow = "POST";
        await using var writer = new Utf8JsonWriter(response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("error", Error);
        writer.WriteString("error_description", Description);
        writer.WriteString("error_uri", ErrorPage);
        writer.WriteEndObject();
    }
}

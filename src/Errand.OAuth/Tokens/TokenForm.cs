using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Errand.OAuth;

/// <summary>Makes every request for a token one that OpenIddict reads: a form. Some vendors' clients send JSON.</summary>
internal static class TokenForm
{
    private const string FormType = "application/x-www-form-urlencoded";
    private const int BytesMax = 64 * 1024;

    /// <summary>What is wrong with the request; null when it is a form now.</summary>
    public static async ValueTask<TokenRefusal?> PrepareAsync(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsPost(request.Method)) return new TokenRefusal(405, "invalid_request", "Tokens are asked for by POST.");
        if (request.ContentLength > BytesMax) return TooLarge;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = BytesMax;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) return NoForm;
        if (type.MediaType.Equals(FormType, StringComparison.OrdinalIgnoreCase)) return null;
        return type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) ? await ReplaceJsonAsync(http) : NoForm;
    }

    private static TokenRefusal TooLarge { get; } = new(413, "invalid_request", $"A request for a token has {BytesMax} bytes at most.");

    private static TokenRefusal NoForm { get; } = new(400, "invalid_request", $"Send grant_type=client_credentials as {FormType} or as application/json, and say so in Content-Type.");

    private static async ValueTask<TokenRefusal?> ReplaceJsonAsync(HttpContext http)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, new JsonDocumentOptions { AllowDuplicateProperties = false }, http.RequestAborted);
            if (FormOf(document.RootElement) is not { } form) return new TokenRefusal(400, "invalid_request", "The JSON body must be one object of texts: {\"grant_type\":\"client_credentials\", …}.");
            var bytes = Encoding.UTF8.GetBytes(form);
            (http.Request.Body, http.Request.ContentLength, http.Request.ContentType) = (new MemoryStream(bytes), bytes.Length, FormType);
            return null;
        }
        catch (JsonException e)
        {
            return new TokenRefusal(400, "invalid_request", $"The body is not JSON: {e.Message}");
        }
        catch (BadHttpRequestException e) when (e.StatusCode == 413)
        {
            return TooLarge;
        }
    }

    private static string? FormOf(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return null;
        var form = new StringBuilder();
        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            if (TextOf(member.Value) is not { } text) return null;
            form.Append(form.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(member.Name)).Append('=').Append(Uri.EscapeDataString(text));
        }

        return form.ToString();
    }

    // A list of scopes stands for what a form writes with spaces between.
    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => string.Join(' ', value.EnumerateArray().Select(item => item.GetString())),
        _ => null,
    };
}

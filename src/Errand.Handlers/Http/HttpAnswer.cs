using System.Net;
using System.Text;
using System.Text.Json;

namespace Errand.Handlers;

/// <summary>What an answer means: 2xx is success, 408, 429 and 5xx may pass, anything else stands.</summary>
internal static class HttpAnswer
{
    /// <summary>The longest result that a job may have.</summary>
    public const int ResultLimit = 20 * 1024 * 1024;

    private const int SnippetLength = 1024;
    private const string Binary = "application/octet-stream";

    public static async Task<JobOutcome> ReadAsync(
        HttpResponseMessage response, HttpCall call, int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode) return await RefusedAsync(response, call, now, cancellationToken);
        var (body, whole) = await BodyAsync(response, limit, cancellationToken);
        if (!whole)
        {
            return new JobOutcome.Failed(new JobError(
                JobErrorCodes.ResultTooLarge, $"{call.Where} answered with more than {limit / 1024} KiB; a result this large must be an output or lie elsewhere."));
        }

        return body.Length is 0
            ? new JobOutcome.Succeeded(StatusCode: (int)response.StatusCode)
            : Result(body, response.Content.Headers.ContentType?.MediaType, response.Content.Headers.ContentType?.CharSet, (int)response.StatusCode);
    }

    /// <summary>True where trying again may help.</summary>
    public static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;

    private static async Task<JobOutcome> RefusedAsync(
        HttpResponseMessage response, HttpCall call, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var (body, _) = await BodyAsync(response, SnippetLength, cancellationToken);
        var snippet = Snippet(body.Span);
        var message = $"{call.Where} answered {status} {response.ReasonPhrase}".TrimEnd() + ".";
        if (status is >= 300 and < 400) message += " Redirects are not followed: configure the URL that answers itself.";
        // A caller's URL may lead to what the caller cannot see; what it answers must not become a window.
        if (snippet.Length > 0 && !call.IsCallers) message += $" It said: {snippet}";
        var error = new JobError($"http_{status}", message, IsPassing(response.StatusCode), call.IsCallers && snippet.Length > 0 ? snippet : null);
        return new JobOutcome.Failed(error, error.Retryable ? RetryAfter(response, now) : null);
    }

    /// <summary>What <c>Retry-After</c> asks for, in seconds or as a date; never longer than a day.</summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => (TimeSpan?)null,
        };
        if (asked is not { } wait) return null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : wait;
    }

    private static JobOutcome.Succeeded Result(ReadOnlyMemory<byte> body, string? mediaType, string? charset, int status)
    {
        mediaType ??= Binary;
        var isJson = mediaType.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
        if (!isJson) return new JobOutcome.Succeeded(body, charset is null ? mediaType : $"{mediaType}; charset={charset.Trim('"')}", status);
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        // What calls itself JSON and is not must not be stored as JSON: readers embed it in documents.
        return IsJson(body.Span) ? new JobOutcome.Succeeded(body, "application/json", status) : new JobOutcome.Succeeded(body, Binary, status);
    }

    public static bool IsJson(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
                // Strings are checked for what no encoder may write only when they are looked at.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) reader.GetString();
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task<(ReadOnlyMemory<byte> Body, bool Whole)> BodyAsync(
        HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = (int)Math.Min(limit, response.Content.Headers.ContentLength ?? 16 * 1024) + 1;
        var buffer = new byte[length];
        var count = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(count), cancellationToken);
            if (read is 0) return (buffer.AsMemory(0, count), true);
            count += read;
            if (count > limit) return (buffer.AsMemory(0, limit), false);
            if (count == buffer.Length) Array.Resize(ref buffer, Math.Min(limit + 1, buffer.Length * 2));
        }
    }

    private static string Snippet(ReadOnlySpan<byte> body)
    {
        var text = new StringBuilder(body.Length);
        foreach (var rune in Encoding.UTF8.GetString(body).EnumerateRunes()) text.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        return text.ToString().Trim();
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>Writes answers of dialects: with a length, and without a body for <c>HEAD</c>.</summary>
public static class DialectAnswers
{
    /// <summary>Answers with a JSON document.</summary>
    /// <param name="http">The exchange.</param>
    /// <param name="value">What is written.</param>
    /// <param name="type">Its description from a source-generated context.</param>
    /// <param name="status">The status.</param>
    /// <param name="contentType">The media type.</param>
    public static async Task WriteJsonAsync<T>(
        this HttpContext http, T value, JsonTypeInfo<T> type, int status = 200, string contentType = "application/json")
    {
        using var buffer = new BodyBuffer();
        using (var writer = new Utf8JsonWriter(buffer, BodyBuffer.WriterOptions)) JsonSerializer.Serialize(writer, value, type);
        await http.WriteBytesAsync(buffer.Written, status, contentType);
    }

    /// <summary>Sends a file that a job made, and disposes it: with ranges, a strong ETag, and headers that keep somebody else's content from acting on this origin.</summary>
    public static Task WriteFileAsync(this HttpContext http, OutputContent content) => FileAnswer.SendAsync(http, content);

    /// <summary>Answers with bytes; none gives an answer without a body and without a media type.</summary>
    public static Task WriteBytesAsync(this HttpContext http, ReadOnlyMemory<byte> body, int status, string contentType)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentLength = body.Length;
        if (body.IsEmpty) return Task.CompletedTask;
        response.ContentType = contentType;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }
}

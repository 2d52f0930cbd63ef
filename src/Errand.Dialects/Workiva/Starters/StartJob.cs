using System.Text.Json;
using Errand.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Errand.Dialects.Workiva;

/// <summary>Turns a call into a job whose input is all of it: <c>{"path":{…},"query":{…},"body":…}</c>.</summary>
internal static class StartJob
{
    public static async Task<Job> SubmitAsync(DialectCall call, Starter starter, string type)
    {
        var body = await call.ReadBodyAsync();
        var input = InputOf(call.Request, body);
        call.RefuseWhileDraining();
        var (parent, state) = call.Trace;
        var receipt = await call.Jobs.SubmitAsync(
            new JobSubmission
            {
                Type = type,
                Input = input,
                Labels = StarterLabels.For(starter),
                RequestId = WorkivaExchange.RequestIdOf(call.Http),
                TraceParent = parent,
                TraceState = state,
            },
            cancellationToken: call.Aborted);
        return receipt.Job;
    }

    private static byte[] InputOf(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        using var stream = new MemoryStream(body.Length + 256);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("path"u8);
            foreach (var (name, value) in request.RouteValues) json.WriteString(name, value as string);
            json.WriteEndObject();
            WriteQuery(json, request.Query);
            if (!IsBlank(body.Span)) WriteBody(json, body);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteQuery(Utf8JsonWriter json, IQueryCollection query)
    {
        json.WriteStartObject("query"u8);
        foreach (var (name, values) in query)
        {
            json.WritePropertyName(name);
            if (values.Count != 1) json.WriteStartArray();
            foreach (var value in values) json.WriteStringValue(value);
            if (values.Count != 1) json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter json, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            json.WritePropertyName("body"u8);
            document.RootElement.WriteTo(json);
        }
        catch (JsonException e)
        {
            throw WorkivaExchange.Invalid("body", $"The body must be JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} is not.");
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> body) => body.IndexOfAnyExcept(" \t\r\n"u8) < 0;
}

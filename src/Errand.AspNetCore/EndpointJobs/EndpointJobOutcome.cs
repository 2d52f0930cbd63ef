using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>Turns what a handler gave into the outcome of its attempt.</summary>
internal static class EndpointJobOutcome
{
    private const string Text = "text/plain; charset=utf-8";

    public static async ValueTask<JobOutcome> OfAsync(object? result, EndpointJobPlan plan, EndpointJobHttp http)
    {
        switch (result)
        {
            case null:
                return JobOutcome.Succeeded.Empty;
            case IResult answer:
                await answer.ExecuteAsync(http.Context);
                await http.Context.Response.CompleteAsync();
                return Answered(http.Context.Response, http.Body.ToArray());
            case string text:
                return new JobOutcome.Succeeded(Encoding.UTF8.GetBytes(text), Text);
            default:
                var type = plan.ResultType is { } declared && declared != typeof(object) ? declared : result.GetType();
                return new JobOutcome.Succeeded(JsonSerializer.SerializeToUtf8Bytes(result, plan.Json.GetTypeInfo(type)));
        }
    }

    private static JobOutcome Answered(HttpResponse response, byte[] body) => response.StatusCode switch
    {
        < 300 => new JobOutcome.Succeeded(body, response.ContentType ?? "application/octet-stream", response.StatusCode),
        < 400 => Failed("An endpoint that runs as a job cannot redirect: its answer is read later, from the job's result. Return the URL in a body.", retryable: false),
        var status => Failed(Said(body) ?? $"The endpoint answered {status}.", retryable: status >= 500 || status is 408 or 429),
    };

    private static JobOutcome.Failed Failed(string message, bool retryable) =>
        new(new JobError(retryable ? JobErrorCodes.HandlerException : JobErrorCodes.HandlerRejected, message, retryable));

    /// <summary>The sentence of a problem (RFC 9457), if the body is one.</summary>
    private static string? Said(byte[] body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            if (problem.RootElement.ValueKind is not JsonValueKind.Object) return null;
            foreach (var name in (string[])["detail", "title"])
            {
                if (problem.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String) return value.GetString();
            }

            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

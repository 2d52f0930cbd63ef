using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Errand.Contracts;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>Writes answers with the headers that all of them share.</summary>
internal static class ApiAnswer
{
    public const string Vary = "Accept, Prefer, Authorization";
    public const string NoStore = "no-store";
    public const string Revalidate = "private, no-cache";

    private const string JsonUtf8 = "application/json; charset=utf-8";

    /// <summary>Sends JSON. The body is made whole before, so that a failure is still a problem and a length is known.</summary>
    public static Task JsonAsync<T>(this ApiCall call, int status, T value, JsonTypeInfo<T> type, string caching = NoStore) =>
        call.WriteAsync(status, caching, (value, type), static (json, it) => JsonSerializer.Serialize(json, it.value, it.type));

    private static Task WriteAsync<T>(this ApiCall call, int status, string caching, T value, Action<Utf8JsonWriter, T> write)
    {
        using var body = new BodyBuffer();
        using (var json = new Utf8JsonWriter(body, BodyBuffer.WriterOptions)) write(json, value);
        call.Send(status, caching, body.Written.Span);
        return Task.CompletedTask;
    }

    private static void Send(this ApiCall call, int status, string caching, ReadOnlySpan<byte> body)
    {
        var response = call.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = caching;
        response.Headers.Vary = Vary;
        response.ContentType = JsonUtf8;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(call.Request.Method)) response.BodyWriter.Write(body);
    }

    /// <summary>Sends a job with its ETag, and says when to ask again or when it will be gone.</summary>
    public static Task JobAsync(this ApiCall call, int status, Job job)
    {
        call.SendJob(status, job, offer: false);
        return Task.CompletedTask;
    }

    /// <summary>The same; the answer may be kept for those who ask next.</summary>
    public static void SendJob(this ApiCall call, int status, Job job, bool offer)
    {
        call.SetJobHeaders(job);
        using var body = new BodyBuffer();
        using (var json = new Utf8JsonWriter(body, BodyBuffer.WriterOptions)) JobJson.Write(json, call.Map.Job(job));
        if (offer && WrittenAnswers.Suits(job)) call.Api.Written.Offer(job, call.Urls.Root, call.Response.Headers.ETag.ToString(), body.Written.Span);

        call.Send(status, Revalidate, body.Written.Span);
    }

    /// <summary>Sends what was written before.</summary>
    public static void Send(this ApiCall call, WrittenAnswer answer)
    {
        call.SetHeaders(answer);
        call.Send(200, Revalidate, answer.Body);
    }

    public static void SetHeaders(this ApiCall call, WrittenAnswer answer)
    {
        call.Response.Headers.ETag = answer.ETag;
        SetNextHeader(call, answer.Job, answer.Sunset);
    }

    public static void SetJobHeaders(this ApiCall call, Job job)
    {
        var headers = call.Response.Headers;
        headers.ETag = EntityTag.Of(job.RevisionAt(call.Now));
        SetNextHeader(call, job, WrittenAnswers.SunsetOf(job));
    }

    private static void SetNextHeader(ApiCall call, Job job, string? sunset)
    {
        if (!job.Head.State.IsTerminal()) call.Response.Headers.RetryAfter = call.RetryAfter(job);
        else if (sunset is not null) call.Response.Headers["Sunset"] = sunset;
    }

    /// <summary>
    /// When asking again makes sense: soon for a young job, at most 30 seconds for an old one, not before a known due time, and never for all at the same
    /// second.
    /// </summary>
    public static string RetryAfter(this ApiCall call, Job job)
    {
        var now = call.Now;
        var wait = TimeSpan.FromSeconds(Math.Clamp((now - job.Head.CreatedAt).TotalSeconds / 10, 1, 30));
        if (job.Head.StatusAt(now) is JobStatus.Scheduled) wait = TimeSpan.FromSeconds(Math.Clamp((job.Head.DueAt - now).TotalSeconds, 1, 30));
        return ((int)Math.Ceiling(Jitter.Spread(wait).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A page of a list, with <c>Link rel="next"</c> beside the token in the body.</summary>
    public static Task PageAsync<T>(this ApiCall call, Page<T> page, JsonTypeInfo<Page<T>> type)
    {
        call.SetNext(page.NextPageToken);
        return call.JsonAsync(200, page, type);
    }

    /// <summary>A page of jobs.</summary>
    public static Task JobsAsync(this ApiCall call, IReadOnlyList<Job> jobs, string? next)
    {
        call.SetNext(next);
        return call.WriteAsync(200, NoStore, (call.Map, jobs, next), static (json, page) =>
        {
            json.WriteStartObject();
            json.WriteStartArray("items"u8);
            foreach (var job in page.jobs) JobJson.Write(json, page.Map.Job(job));
            json.WriteEndArray();
            if (page.next is { } token) json.WriteString("nextPageToken"u8, token);
            json.WriteEndObject();
        });
    }

    private static void SetNext(this ApiCall call, string? token)
    {
        if (token is null) return;
        var query = call.Request.Query.Where(q => q.Key != "pageToken").Select(q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value.ToString())}");
        call.Response.Headers.Link = $"<{call.Urls.Base}{call.Request.Path.ToUriComponent()}?{string.Join('&', query.Append($"pageToken={token}"))}>; rel=\"next\"";
    }
}

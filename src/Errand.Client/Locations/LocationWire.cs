using System.Net;
using System.Text.Json;
using Errand.Client.Waiting;
using Errand.Contracts;

namespace Errand.Client.Locations;

/// <summary>Work of any system that answered 202 with an address: polls it, and finds its outcome.</summary>
internal sealed class LocationWire(JobLocation location, LocationClient client) : IJobWire
{
    // What is read to tell a status from an outcome; a larger outcome is fetched again as a stream.
    private const int DocumentMost = 1024 * 1024;

    private volatile JobLocation _at = location;
    private volatile bool _speaksStatus = location.IsMonitor;
    private volatile Uri? _result = location.Result;
    private TimeSpan? _firstPause = location.FirstPause;

    public string Id { get; } = location.Poll.AbsoluteUri;

    public bool Holds => false;

    public HttpJobClient Contents => throw new NotSupportedException(
        $"{Id} is not a job of this server: it has a status and an outcome, but no items, messages and outputs.");

    public async Task<JobSnapshot> ReadAsync(JobSnapshot? known, bool everyChange, TimeSpan hold, CancellationToken cancellationToken)
    {
        if (known is null && hold > TimeSpan.Zero) await FirstPauseAsync(hold, cancellationToken);
        using var response = await client.SendAsync(HttpMethod.Get, _at.Poll, known?.ETag, cancellationToken);
        var pause = client.RetryAfter(response);
        if (response.StatusCode is HttpStatusCode.NotModified && known is not null) return known with { RetryAfter = pause };
        var document = await DocumentAsync(response, cancellationToken);
        var job = Read(response, document, pause);
        return new JobSnapshot(job, response.Headers.ETag?.ToString(), job.Done ? null : pause);
    }

    public IAsyncEnumerable<JobEventResource> WatchAsync(CancellationToken cancellationToken) =>
        new JobWaiter(this, client.Options).ChangesAsync(cancellationToken);

    public async Task<Download?> OpenResultAsync(CancellationToken cancellationToken)
    {
        if ((_speaksStatus ? _result : _result ?? _at.Poll) is not { } address) return null;
        var response = await client.SendAsync(HttpMethod.Get, address, etag: null, cancellationToken);
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created)
        {
            return new Download(response, await response.Content.ReadAsStreamAsync(cancellationToken));
        }

        using (response)
        {
            if (response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.Accepted) return null;
            throw Refusal(response, await DocumentAsync(response, cancellationToken), client.RetryAfter(response));
        }
    }

    /// <summary>Sends <c>POST …/cancel</c> to the status address, as Azure's and Errand's own interfaces take it.</summary>
    public async Task<JobResource> CancelAsync(string? reason, CancellationToken cancellationToken)
    {
        var cancel = new UriBuilder(_at.Poll);
        cancel.Path = cancel.Path.TrimEnd('/') + "/cancel";
        using var response = await client.SendAsync(HttpMethod.Post, cancel.Uri, etag: null, cancellationToken);
        var document = await DocumentAsync(response, cancellationToken);
        return response.IsSuccessStatusCode
            ? document is { } body ? StatusDocument.Read(body, Id) : StatusDocument.Job(Id, JobStatus.Canceling)
            : throw Refusal(response, document, client.RetryAfter(response));
    }

    private async Task FirstPauseAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        if (_firstPause is not { } pause) return;
        _firstPause = null;
        await Task.Delay(pause < most ? pause : most, client.Options.Time, cancellationToken);
    }

    private JobResource Read(HttpResponseMessage response, JsonElement? document, TimeSpan? pause)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.Accepted:
                if (Next(response) is { } moved) _at = _at with { Poll = moved };
                return document is { } news && StatusDocument.IsUnfinished(news)
                    ? StatusDocument.Read(news, Id)
                    : StatusDocument.Job(Id, JobStatus.Running);

            case HttpStatusCode.NoContent:
                return StatusDocument.Job(Id, JobStatus.Succeeded);

            case HttpStatusCode.SeeOther or HttpStatusCode.Found:
                _result = Next(response);
                _speaksStatus = true;
                return StatusDocument.Job(Id, JobStatus.Succeeded);

            case HttpStatusCode.OK or HttpStatusCode.Created:
                return Finished(document);

            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Gone
                or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout:
                throw Refusal(response, document, pause);

            default:
                return Failed(response, document);
        }
    }

    private JobResource Finished(JsonElement? document)
    {
        if (document is { } body && (_speaksStatus || StatusDocument.IsUnfinished(body)))
        {
            // An address that once told a status goes on telling it; its last answer is not the outcome.
            _speaksStatus = true;
            if (StatusDocument.ResultAddress(body) is { } result) _result = new Uri(_at.Poll, result);
            return StatusDocument.Read(body, Id);
        }

        return StatusDocument.Job(Id, JobStatus.Succeeded) with { Result = document is { } outcome ? RawJson.From(outcome) : null };
    }

    private JobResource Failed(HttpResponseMessage response, JsonElement? document)
    {
        var error = (document is { } body ? StatusDocument.Error(body) : null) ?? new JobErrorResource
        {
            Code = $"http_{(int)response.StatusCode}",
            Message = $"{_at.Poll} answered {(int)response.StatusCode} {response.ReasonPhrase}.",
        };
        var canceled = document is { ValueKind: JsonValueKind.Object } problem
            && problem.TryGetProperty("code", out var code) && code.ValueEquals("job_canceled");
        return StatusDocument.Job(Id, canceled ? JobStatus.Canceled : JobStatus.Failed) with { Error = error };
    }

    private Uri? Next(HttpResponseMessage response) =>
        response.Headers.Location is { } location ? new Uri(_at.Poll, location) : null;

    private static ErrandApiException Refusal(HttpResponseMessage response, JsonElement? document, TimeSpan? pause)
    {
        var error = document is { } body ? StatusDocument.Error(body) : null;
        var problem = new ProblemResource
        {
            Status = (int)response.StatusCode,
            Code = error?.Code,
            Title = $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}.",
            Detail = error?.Message,
        };
        return ErrandApiException.Of(response.StatusCode, problem, pause);
    }

    private static async Task<JsonElement?> DocumentAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        if (type is null || !(type.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        if (await FewBytesAsync(response, cancellationToken) is not { Length: > 0 } bytes) return null;
        try
        {
            return JsonElement.Parse(bytes.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> FewBytesAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > DocumentMost) return default;
        var bytes = new byte[8192];
        var length = 0;
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (await content.ReadAsync(bytes.AsMemory(length), cancellationToken) is var read and > 0)
        {
            length += read;
            if (length > DocumentMost) return default;
            if (length == bytes.Length) Array.Resize(ref bytes, bytes.Length * 2);
        }

        return bytes.AsMemory(0, length);
    }
}

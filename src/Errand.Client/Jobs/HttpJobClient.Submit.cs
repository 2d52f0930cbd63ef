using Errand.Client.Transport;
using Errand.Contracts;

namespace Errand.Client;

public sealed partial class HttpJobClient
{
    /// <summary>
    /// Submits a job. Without an <paramref name="idempotencyKey"/> one is made, so that a broken connection never makes two jobs of one
    /// call.
    /// </summary>
    public async Task<SubmittedJob> SubmitAsync(
        SubmitJobRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        using var response = await _transport.SendAsync(
            Keyed("jobs", Json(request, Wire.SubmitJobRequest), idempotencyKey), cancellationToken);
        var job = await JobTransport.ReadAsync(response, Wire.JobResource, cancellationToken);
        return new SubmittedJob(job, response.Headers.Contains("Idempotency-Replayed"), response.Headers.Contains("Unique-Key-Conflict"));
    }

    /// <summary>
    /// Submits a job under an id that the caller made: a UUID. Sending it again gives the same job for as long as that is kept; a different
    /// job under the same id is refused (<see cref="JobProblems.JobExists"/>).
    /// </summary>
    public Task<JobResource> PutAsync(string id, SubmitJobRequest request, CancellationToken cancellationToken = default) =>
        _transport.ReadAsync(HttpMethod.Put, JobPath(id), Wire.JobResource, Json(request, Wire.SubmitJobRequest), cancellationToken);

    /// <summary>Submits up to 1,000 jobs at once; atomic: all or none.</summary>
    public async Task<BatchResource> SubmitBatchAsync(
        SubmitBatchRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        using var response = await _transport.SendAsync(
            Keyed("jobs/batch", Json(request, Wire.SubmitBatchRequest), idempotencyKey), cancellationToken);
        return await JobTransport.ReadAsync(response, Wire.BatchResource, cancellationToken);
    }

    /// <summary>Sends a file of items, of any length; name the upload as <c>itemsFrom</c> in a submit.</summary>
    /// <param name="mediaType"><c>text/csv</c>, <c>application/x-ndjson</c> or <c>application/json</c>.</param>
    /// <param name="content">The file, from its beginning.</param>
    /// <param name="cancellationToken">Ends the upload.</param>
    public async Task<UploadResource> UploadAsync(string mediaType, Stream content, CancellationToken cancellationToken = default)
    {
        using var body = new StreamContent(content) { Headers = { ContentType = new(mediaType) } };
        var outgoing = new Outgoing(HttpMethod.Post, "uploads") { Body = body, Timeless = true };
        using var response = await _transport.SendAsync(outgoing, cancellationToken);
        return await JobTransport.ReadAsync(response, Wire.UploadResource, cancellationToken);
    }

    private static Outgoing Keyed(string path, HttpContent body, string? idempotencyKey) =>
        new Outgoing(HttpMethod.Post, path) { Body = body, Repeatable = true }
            .With("Idempotency-Key", idempotencyKey is null ? $"\"{Guid.NewGuid():N}\"" : Quoted(idempotencyKey));

    // The header is a structured string: quoted, with quotes and backslashes escaped.
    private static string Quoted(string key) =>
        $"\"{key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Errand.Client.Transport;
using Errand.Contracts;

namespace Errand.Client;

public sealed partial class HttpJobClient
{
    /// <summary>Reads a job.</summary>
    /// <param name="id">The job.</param>
    /// <param name="include">What else to show: <c>input</c>, <c>attempts</c>, or both with a comma.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<JobSnapshot> GetAsync(string id, string? include = null, CancellationToken cancellationToken = default)
    {
        using var response = await _transport.SendAsync(
            new Outgoing(HttpMethod.Get, JobPath(id) + Query.Of(("include", include))), cancellationToken);
        return await SnapshotAsync(response, cancellationToken);
    }

    /// <summary>Every job that matches, newest first, page by page as it is enumerated.</summary>
    /// <param name="filter"><c>status:failed type:report.* created:&lt;2h</c>.</param>
    /// <param name="pageSize">1 to 200.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    public IAsyncEnumerable<JobResource> ListAsync(
        string? filter = null, int? pageSize = null, CancellationToken cancellationToken = default) =>
        PagesAsync("jobs", Wire.PageJobResource, [("filter", filter), ("pageSize", pageSize)], cancellationToken);

    /// <summary>Asks a job to stop. A finished job is returned as it is.</summary>
    public Task<JobResource> CancelAsync(string id, string? reason = null, CancellationToken cancellationToken = default) =>
        PostAsync(
            $"{JobPath(id)}/cancel", Json(new CancelJobRequest { Reason = reason }, Wire.CancelJobRequest), repeatable: true,
            cancellationToken);

    /// <summary>Submits a failed or canceled job again, as a new job.</summary>
    public Task<JobResource> RetryAsync(string id, CancellationToken cancellationToken = default) =>
        PostAsync($"{JobPath(id)}/retry", body: null, repeatable: false, cancellationToken);

    /// <summary>Tells what a job waits for.</summary>
    public Task<WhyResource> WhyAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.ReadAsync(HttpMethod.Get, $"{JobPath(id)}/why", Wire.WhyResource, body: null, cancellationToken);

    private async Task<JobResource> PostAsync(string path, HttpContent? body, bool repeatable, CancellationToken cancellationToken)
    {
        using var response = await _transport.SendAsync(
            new Outgoing(HttpMethod.Post, path) { Body = body, Repeatable = repeatable }, cancellationToken);
        return await JobTransport.ReadAsync(response, Wire.JobResource, cancellationToken);
    }

    private async Task<JobSnapshot> SnapshotAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var job = await JobTransport.ReadAsync(response, Wire.JobResource, cancellationToken);
        return new JobSnapshot(job, response.Headers.ETag?.Tag, _transport.RetryAfter(response.Headers.RetryAfter));
    }

    private async IAsyncEnumerable<T> PagesAsync<T>(
        string path, JsonTypeInfo<Page<T>> type, (string, object?)[] query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var page = await _transport.ReadAsync(
                HttpMethod.Get, path + Query.Of([.. query, ("pageToken", token)]), type, body: null, cancellationToken);
            foreach (var item in page.Items) yield return item;
            token = page.NextPageToken;
        }
        while (token is not null);
    }

    private static string JobPath(string id) => $"jobs/{Query.Step(id)}";
}

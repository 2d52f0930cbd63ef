using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Errand.Client.Transport;
using Errand.Contracts;

namespace Errand.Client;

public sealed partial class HttpJobClient
{
    /// <summary>Every queue.</summary>
    public IAsyncEnumerable<QueueResource> QueuesAsync(CancellationToken cancellationToken = default) =>
        PagesAsync("queues", Wire.PageQueueResource, [], cancellationToken);

    /// <summary>Changes a queue by a merge patch, as <c>{"paused":true}</c> or <c>{"maxConcurrency":null}</c>.</summary>
    public async Task<QueueResource> UpdateQueueAsync(string name, JsonObject patch, CancellationToken cancellationToken = default)
    {
        using var body = new StringContent(patch.ToJsonString(), new MediaTypeHeaderValue("application/merge-patch+json"));
        return await _transport.ReadAsync(HttpMethod.Patch, $"queues/{Query.Step(name)}", Wire.QueueResource, body, cancellationToken);
    }

    /// <summary>Every declared type.</summary>
    public IAsyncEnumerable<JobTypeResource> TypesAsync(CancellationToken cancellationToken = default) =>
        PagesAsync("job-types", Wire.PageJobTypeResource, [], cancellationToken);

    /// <summary>Counts of the caller's tenant.</summary>
    public Task<StatsResource> StatsAsync(CancellationToken cancellationToken = default) =>
        _transport.ReadAsync(HttpMethod.Get, "stats", Wire.StatsResource, body: null, cancellationToken);
}

using Errand.Contracts;

namespace Errand.Client.Waiting;

/// <summary>A job of an Errand server.</summary>
internal sealed class NativeWire(HttpJobClient client, string id) : IJobWire
{
    public string Id => id;

    public bool Holds => true;

    public HttpJobClient Contents => client;

    public Task<JobSnapshot> ReadAsync(JobSnapshot? known, bool everyChange, TimeSpan hold, CancellationToken cancellationToken) =>
        client.NextAsync(id, known, everyChange, hold, cancellationToken);

    public IAsyncEnumerable<JobEventResource> WatchAsync(CancellationToken cancellationToken) => client.WatchAsync(id, cancellationToken);

    public Task<Download?> OpenResultAsync(CancellationToken cancellationToken) => client.OpenResultAsync(id, cancellationToken);

    public Task<JobResource> CancelAsync(string? reason, CancellationToken cancellationToken) => client.CancelAsync(id, reason, cancellationToken);
}

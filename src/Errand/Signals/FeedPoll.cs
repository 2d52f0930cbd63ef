using Errand.Hosting;
using Errand.Storage;

namespace Errand.Signals;

/// <summary>
/// The floor under those who follow many jobs: asks a store that nodes share what changed, for each tenant that is followed here. Hints only
/// make it faster.
/// </summary>
internal sealed class FeedPoll(IJobStorage storage, ChangeFeed feed) : ISweep
{
    private readonly Dictionary<string, IChangeReader> _readers = new(StringComparer.Ordinal);

    public string Name => "followers";

    public TimeSpan Every => TimeSpan.FromSeconds(1);

    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        if (storage.Changes is not { } changes) return;
        var followed = feed.Followed();
        foreach (var tenant in _readers.Keys.Where(tenant => !followed.ContainsKey(tenant)).ToList()) _readers.Remove(tenant);
        foreach (var (tenant, since) in followed)
        {
            if (!_readers.TryGetValue(tenant, out var reader)) _readers[tenant] = reader = changes.Follow(tenant, since);
            foreach (var head in await reader.ReadAsync(cancellationToken)) feed.Changed(head);
        }
    }
}

using System.Collections.Immutable;
using System.Threading.Channels;

namespace Errand.Signals;

/// <summary>
/// Lifecycle changes of all jobs of a tenant, for those who follow many. A follower who is too slow misses the oldest changes, never holds
/// up a commit.
/// </summary>
internal sealed class ChangeFeed
{
    private const int Backlog = 4_096;
    private ImmutableArray<Follower> _followers = [];

    public Follower Follow(string tenant, DateTimeOffset since)
    {
        var follower = new Follower(this, tenant, since);
        ImmutableInterlocked.Update(ref _followers, static (all, one) => all.Add(one), follower);
        return follower;
    }

    public bool IsFollowed(string tenant)
    {
        foreach (var follower in _followers)
        {
            if (follower.Tenant == tenant) return true;
        }

        return false;
    }

    /// <summary>The tenants that are followed, and since when.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Followed() =>
        _followers.GroupBy(follower => follower.Tenant, StringComparer.Ordinal)
            .ToDictionary(followers => followers.Key, followers => followers.Min(follower => follower.Since), StringComparer.Ordinal);

    public void Changed(JobHead head)
    {
        foreach (var follower in _followers)
        {
            if (follower.Tenant == head.Tenant) follower.Offer(head);
        }
    }

    internal sealed class Follower(ChangeFeed feed, string tenant, DateTimeOffset since) : IDisposable
    {
        private readonly Channel<JobHead> _changes = Channel.CreateBounded<JobHead>(
            new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

        public string Tenant => tenant;

        public DateTimeOffset Since => since;

        public IAsyncEnumerable<JobHead> ReadAllAsync(CancellationToken cancellationToken) =>
            _changes.Reader.ReadAllAsync(cancellationToken);

        public void Offer(JobHead head) => _changes.Writer.TryWrite(head);

        public void Dispose() => ImmutableInterlocked.Update(ref feed._followers, static (all, one) => all.Remove(one), this);
    }
}

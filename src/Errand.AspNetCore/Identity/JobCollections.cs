using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary>Makes, changes, lists and removes collections. Works beside a running server: every node notices within a second.</summary>
public sealed class JobCollections : ICollections
{
    private const string Everything = "all";

    private readonly IJobStorage storage;
    private readonly SecurityStamp stamp;
    private readonly IReadOnlyList<JobCollection> configured;
    private readonly StampedCache<ILookup<JobCaller, JobCollection>> byMember;

    /// <summary>Over a store, without collections of a configuration.</summary>
    public JobCollections(IJobStorage storage, TimeProvider time)
        : this(storage, new SecurityStamp(storage, time), new ErrandIdentityOptions())
    {
    }

    internal JobCollections(IJobStorage storage, SecurityStamp stamp, ErrandIdentityOptions options)
    {
        (this.storage, this.stamp) = (storage, stamp);
        configured = [.. options.Collections.Select(c => new JobCollection(c.Tenant, c.Name, 0, c.Members, c.Types, c.Schedules))];
        byMember = new StampedCache<ILookup<JobCaller, JobCollection>>(stamp, async (_, cancellationToken) => ByMember(await ListAsync(cancellationToken)));
    }

    async ValueTask<JobShares> ICollections.OfAsync(JobCaller caller, CancellationToken cancellationToken)
    {
        var all = await OfAsync(caller, cancellationToken);
        return all.Count == 0 ? JobShares.None : new JobShares([.. all.Select(one => one.Name)], [.. all.SelectMany(one => one.Types)], [.. all.SelectMany(one => one.Schedules)]);
    }

    /// <summary>The collections that a caller is a member of, those of the configuration among them; at most a second old.</summary>
    public async ValueTask<IReadOnlyList<JobCollection>> OfAsync(JobCaller caller, CancellationToken cancellationToken = default)
    {
        await stamp.RefreshAsync(cancellationToken);
        var known = byMember.Find(Everything) ?? await byMember.LoadAsync(Everything, cancellationToken);
        return [.. known![new JobCaller(caller.Tenant, caller.Subject)]];
    }

    /// <summary>Every collection, those of the configuration (with version 0) first.</summary>
    public async ValueTask<IReadOnlyList<JobCollection>> ListAsync(CancellationToken cancellationToken = default)
    {
        var stored = await storage.Security.ListCollectionsAsync(cancellationToken);
        return [.. configured, .. stored.Where(c => !IsConfigured(c.Tenant, c.Name))];
    }

    /// <summary>Makes an empty collection. False when the name is taken.</summary>
    /// <exception cref="ArgumentException">The name is none.</exception>
    public ValueTask<bool> CreateAsync(string tenant, string name, CancellationToken cancellationToken = default) =>
        CreateAsync(new JobCollection(tenant, name, 1, [], [], []), cancellationToken);

    /// <summary>Makes a collection with all that is in it. False when the name is taken.</summary>
    /// <exception cref="ArgumentException">The name is none.</exception>
    public async ValueTask<bool> CreateAsync(JobCollection collection, CancellationToken cancellationToken = default)
    {
        var (tenant, name) = (collection.Tenant, collection.Name);
        if (!IsName(name)) throw new ArgumentException($"'{name}' cannot be a collection's name: letters, digits, dots, dashes and underscores are expected, 128 at most.", nameof(collection));
        if (IsConfigured(tenant, name) || !await storage.Security.SaveCollectionAsync(collection with { Version = 1 }, cancellationToken)) return false;
        stamp.Expire();
        return true;
    }

    /// <summary>Changes a collection of the store. Null when there is none.</summary>
    public async ValueTask<JobCollection?> ChangeAsync(string tenant, string name, Func<JobCollection, JobCollection> change, CancellationToken cancellationToken = default)
    {
        while (await FindAsync(tenant, name, cancellationToken) is { } collection)
        {
            var changed = change(collection) with { Tenant = tenant, Name = name, Version = collection.Version + 1 };
            if (!await storage.Security.SaveCollectionAsync(changed, cancellationToken)) continue;
            stamp.Expire();
            return changed;
        }

        return null;
    }

    /// <summary>Removes a collection of the store; nothing that was shared is touched. False when there is none.</summary>
    public async ValueTask<bool> RemoveAsync(string tenant, string name, CancellationToken cancellationToken = default)
    {
        var found = await storage.Security.RemoveCollectionAsync(tenant, name, cancellationToken);
        stamp.Expire();
        return found;
    }

    /// <summary>True for what can be a collection's name.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private async ValueTask<JobCollection?> FindAsync(string tenant, string name, CancellationToken cancellationToken) =>
        (await storage.Security.ListCollectionsAsync(cancellationToken)).FirstOrDefault(c => c.Tenant == tenant && c.Name == name);

    private bool IsConfigured(string tenant, string name) => configured.Any(c => c.Tenant == tenant && c.Name == name);

    private static ILookup<JobCaller, JobCollection> ByMember(IReadOnlyList<JobCollection> all) =>
        all.SelectMany(c => c.Members.Distinct(StringComparer.Ordinal).Select(member => (Caller: new JobCaller(c.Tenant, member), Collection: c))).ToLookup(pair => pair.Caller, pair => pair.Collection);
}

namespace Errand.Storage.Memory;

internal sealed class MemorySecurityStore(MemoryVerbs verbs) : ISecurityStore
{
    public ValueTask AddTokenAsync(AccessToken token, CancellationToken cancellationToken) => verbs.RunAsync(
        StorageVerb.Security,
        db =>
        {
            db.Tokens.Add(token.Id, token with { SecretHash = token.SecretHash.ToArray() });
            db.Stamp++;
        },
        cancellationToken);

    public ValueTask<AccessToken?> FindTokenAsync(string id, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Security, db => db.Tokens.GetValueOrDefault(id), cancellationToken);

    public ValueTask<IReadOnlyList<AccessToken>> ListTokensAsync(CancellationToken cancellationToken) =>
        verbs.RunAsync<IReadOnlyList<AccessToken>>(
            StorageVerb.Security, db => [.. db.Tokens.Values.OrderByDescending(token => token.CreatedAt)], cancellationToken);

    public ValueTask<bool> RevokeTokenAsync(string id, DateTimeOffset asOf, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Security, db => Revoke(db, id, asOf), cancellationToken);

    public ValueTask<long> StampAsync(CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Security, db => db.Stamp, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>> GetOrAddKeyAsync(
        string name, ReadOnlyMemory<byte> offered, CancellationToken cancellationToken) =>
        verbs.RunAsync(
            StorageVerb.Security,
            db => db.Keys.TryGetValue(name, out var key) ? key : db.Keys[name] = offered.ToArray(),
            cancellationToken);

    public ValueTask<bool> SaveClientAsync(OAuthClient client, CancellationToken cancellationToken) => verbs.RunAsync(
        StorageVerb.Security, db => Swap(db, db.Clients, client.Id, client, db.Clients.GetValueOrDefault(client.Id)?.Version, client.Version), cancellationToken);

    public ValueTask<OAuthClient?> FindClientAsync(string id, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Security, db => db.Clients.GetValueOrDefault(id), cancellationToken);

    public ValueTask<IReadOnlyList<OAuthClient>> ListClientsAsync(CancellationToken cancellationToken) =>
        verbs.RunAsync<IReadOnlyList<OAuthClient>>(
            StorageVerb.Security, db => [.. db.Clients.Values.OrderBy(client => client.Id, StringComparer.Ordinal)], cancellationToken);

    public ValueTask<bool> SaveCollectionAsync(JobCollection collection, CancellationToken cancellationToken)
    {
        var key = (collection.Tenant, collection.Name);
        return verbs.RunAsync(
            StorageVerb.Security,
            db => Swap(db, db.Collections, key, collection, db.Collections.GetValueOrDefault(key)?.Version, collection.Version),
            cancellationToken);
    }

    public ValueTask<IReadOnlyList<JobCollection>> ListCollectionsAsync(CancellationToken cancellationToken) =>
        verbs.RunAsync<IReadOnlyList<JobCollection>>(
            StorageVerb.Security,
            db => [.. db.Collections.Values.OrderBy(c => c.Tenant, StringComparer.Ordinal).ThenBy(c => c.Name, StringComparer.Ordinal)],
            cancellationToken);

    public ValueTask<bool> RemoveCollectionAsync(string tenant, string name, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Security, db => Removed(db, tenant, name), cancellationToken);

    private static bool Swap<TKey, TValue>(MemoryDatabase db, Dictionary<TKey, TValue> all, TKey key, TValue value, long? there, long version)
        where TKey : notnull
    {
        if (version != (there ?? 0) + 1) return false;
        all[key] = value;
        db.Stamp++;
        return true;
    }

    private static bool Removed(MemoryDatabase db, string tenant, string name)
    {
        if (!db.Collections.Remove((tenant, name))) return false;
        db.Stamp++;
        return true;
    }

    private static bool Revoke(MemoryDatabase db, string id, DateTimeOffset asOf)
    {
        if (!db.Tokens.TryGetValue(id, out var token)) return false;
        db.Tokens[id] = token with { RevokedAt = token.RevokedAt ?? asOf };
        db.Stamp++;
        return true;
    }
}

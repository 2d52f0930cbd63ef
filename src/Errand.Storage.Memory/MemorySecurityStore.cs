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

    private static bool Revoke(MemoryDatabase db, string id, DateTimeOffset asOf)
    {
        if (!db.Tokens.TryGetValue(id, out var token)) return false;
        db.Tokens[id] = token with { RevokedAt = token.RevokedAt ?? asOf };
        db.Stamp++;
        return true;
    }
}

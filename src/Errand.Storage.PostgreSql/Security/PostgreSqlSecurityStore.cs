namespace Errand.Storage.PostgreSql;

internal sealed class PostgreSqlSecurityStore(Database database) : ISecurityStore
{
    internal static readonly Sql MoveStamp = Sql.Of("security", "move_stamp");

    private static readonly Sql ReadStamp = Sql.Of("security", "stamp");
    private static readonly Sql InsertToken = Sql.Of("security", "insert_token");
    private static readonly Sql FindToken = Sql.Of("security", "find_token");
    private static readonly Sql ListTokens = Sql.Of("security", "list_tokens");
    private static readonly Sql RevokeToken = Sql.Of("security", "revoke_token");
    private static readonly Sql AddKey = Sql.Of("security", "add_key");
    private static readonly Sql FindClient = Sql.Of("identity", "find_client");
    private static readonly Sql ListClients = Sql.Of("identity", "list_clients");
    private static readonly Sql ListCollections = Sql.Of("identity", "list_collections");
    private static readonly Sql RemoveCollection = Sql.Of("identity", "remove_collection");
    private static readonly Sql FindKey = Sql.Of("security", "find_key");

    public async ValueTask AddTokenAsync(AccessToken token, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await database.CommitAsync(batch =>
        {
            batch.Add(InsertToken).With(token.Id).With(token.SecretHash.ToArray()).With(token.Tenant).With(token.Subject)
                .With(StoredJson.Write(token.Scopes)).With(StoredJson.Write(token.Roles)).With(token.CreatedAt).With(token.ExpiresAt).With(token.RevokedAt);
            batch.Add(MoveStamp);
        });
    }

    public async ValueTask<AccessToken?> FindTokenAsync(string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(FindToken).With(id), results => results.FirstAsync(Read));
    }

    public async ValueTask<IReadOnlyList<AccessToken>> ListTokensAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(ListTokens), results => results.ListAsync(Read));
    }

    public async ValueTask<bool> RevokeTokenAsync(string id, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.CommitAsync(batch => batch.Add(RevokeToken).With(id).With(asOf), async results => (await results.SkipAsync()).Count > 0);
    }

    public async ValueTask<long> StampAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(ReadStamp), results => results.FirstAsync(row => row.Int64()));
    }

    /// <summary>The read comes after the commit of whoever was first: only then is it everyone's key.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> GetOrAddKeyAsync(string name, ReadOnlyMemory<byte> offered, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await database.CommitAsync(batch => batch.Add(AddKey).With(name).With(offered.ToArray()));
        return await database.ReadAsync(batch => batch.Add(FindKey).With(name), results => results.FirstAsync(row => row.Bytes()));
    }

    public ValueTask<bool> SaveClientAsync(OAuthClient client, CancellationToken cancellationToken) =>
        SwapAsync(batch => IdentityRows.Save(batch, client), cancellationToken);

    public async ValueTask<OAuthClient?> FindClientAsync(string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(FindClient).With(id), results => results.FirstAsync(IdentityRows.ReadClient));
    }

    public async ValueTask<IReadOnlyList<OAuthClient>> ListClientsAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(ListClients), results => results.ListAsync(IdentityRows.ReadClient));
    }

    public ValueTask<bool> SaveCollectionAsync(JobCollection collection, CancellationToken cancellationToken) =>
        SwapAsync(batch => IdentityRows.Save(batch, collection), cancellationToken);

    public async ValueTask<IReadOnlyList<JobCollection>> ListCollectionsAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(ListCollections), results => results.ListAsync(IdentityRows.ReadCollection));
    }

    public ValueTask<bool> RemoveCollectionAsync(string tenant, string name, CancellationToken cancellationToken) =>
        SwapAsync(batch => batch.Add(RemoveCollection).With(tenant).With(name), cancellationToken);

    /// <summary>Runs a statement that returns a row where it changed one, and moves the stamp with it.</summary>
    private async ValueTask<bool> SwapAsync(Action<Batch> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.CommitAsync(
            batch =>
            {
                change(batch);
                batch.Add(MoveStamp);
            },
            async results => (await results.SkipAsync()).Count > 0);
    }

    private static AccessToken Read(Row row) => new(
        row.Text(), row.Bytes(), row.Text(), row.Text(), StoredJson.ReadWords(row.Bytes()), StoredJson.ReadWords(row.Bytes()),
        row.Time(), row.TimeOrNull(), row.TimeOrNull());
}

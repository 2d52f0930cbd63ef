namespace Errand.Storage.Sqlite;

internal sealed class SqliteSecurityStore(Database database) : ISecurityStore
{
    private static readonly Sql InsertToken = Sql.Of("security", "insert_token");
    private static readonly Sql FindToken = Sql.Of("security", "find_token");
    private static readonly Sql ListTokens = Sql.Of("security", "list_tokens");
    private static readonly Sql RevokeToken = Sql.Of("security", "revoke_token");
    private static readonly Sql AddKey = Sql.Of("security", "add_key");
    private static readonly Sql FindKey = Sql.Of("security", "find_key");

    public async ValueTask AddTokenAsync(AccessToken token, CancellationToken cancellationToken) => await database.WriteAsync(
        transaction => transaction.Db.Run(InsertToken, insert => Bind(insert, token)) > 0 && Stamp.Move(transaction.Db), cancellationToken);

    public ValueTask<AccessToken?> FindTokenAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.First(FindToken, find => find.Bind(id), Read), cancellationToken);

    public ValueTask<IReadOnlyList<AccessToken>> ListTokensAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AccessToken>>(db => db.List(ListTokens, _ => { }, Read), cancellationToken);

    public ValueTask<bool> RevokeTokenAsync(string id, DateTimeOffset asOf, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => Revoke(transaction.Db, id, asOf), cancellationToken);

    public ValueTask<long> StampAsync(CancellationToken cancellationToken) => database.ReadAsync(Stamp.Read, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>> GetOrAddKeyAsync(
        string name, ReadOnlyMemory<byte> offered, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => GetOrAddKey(transaction.Db, name, offered), cancellationToken);

    public ValueTask<bool> SaveClientAsync(OAuthClient client, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => ClientRows.Save(transaction.Db, client) && Stamp.Move(transaction.Db), cancellationToken);

    public ValueTask<OAuthClient?> FindClientAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(db => ClientRows.Find(db, id), cancellationToken);

    public ValueTask<IReadOnlyList<OAuthClient>> ListClientsAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<OAuthClient>>(ClientRows.List, cancellationToken);

    public ValueTask<bool> SaveCollectionAsync(JobCollection collection, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => CollectionRows.Save(transaction.Db, collection) && Stamp.Move(transaction.Db), cancellationToken);

    public ValueTask<IReadOnlyList<JobCollection>> ListCollectionsAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<JobCollection>>(CollectionRows.List, cancellationToken);

    public ValueTask<bool> RemoveCollectionAsync(string tenant, string name, CancellationToken cancellationToken) => database.WriteAsync(
        transaction => CollectionRows.Remove(transaction.Db, tenant, name) && Stamp.Move(transaction.Db), cancellationToken);

    private static bool Revoke(Connection db, string id, DateTimeOffset asOf) =>
        db.Run(RevokeToken, revoke => revoke.Bind(id).Bind(asOf)) > 0 && Stamp.Move(db);

    private static ReadOnlyMemory<byte> GetOrAddKey(Connection db, string name, ReadOnlyMemory<byte> offered)
    {
        db.Run(AddKey, add => add.Bind(name).BindBlob(offered.Span));
        return db.First(FindKey, find => find.Bind(name), row => row.Memory());
    }

    private static void Bind(Statement insert, AccessToken token) => insert
        .Bind(token.Id).BindBlob(token.SecretHash.Span).Bind(token.Tenant).Bind(token.Subject)
        .Bind(StoredJson.Write(token.Scopes)).Bind(StoredJson.Write(token.Roles))
        .Bind(token.CreatedAt).Bind(token.ExpiresAt).Bind(token.RevokedAt);

    private static AccessToken Read(Statement row) => new(
        row.Text(), row.Memory(), row.Text(), row.Text(), StoredJson.ReadWords(row.Bytes()), StoredJson.ReadWords(row.Bytes()),
        row.Time(), row.TimeOrNull(), row.TimeOrNull());
}

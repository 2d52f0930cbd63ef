namespace Errand.Storage.PostgreSql;

/// <summary>Clients and collections as statements and columns.</summary>
internal static class IdentityRows
{
    private static readonly Sql InsertClient = Sql.Of("identity", "insert_client");
    private static readonly Sql UpdateClient = Sql.Of("identity", "update_client");
    private static readonly Sql InsertCollection = Sql.Of("identity", "insert_collection");
    private static readonly Sql UpdateCollection = Sql.Of("identity", "update_collection");

    public static void Save(Batch batch, OAuthClient client) => batch.Add(client.Version == 1 ? InsertClient : UpdateClient)
        .With(client.Id).With(client.Version).With(client.Tenant).With(StoredJson.Write(client.Scopes)).With(StoredJson.Write(client.Roles))
        .With(StoredJson.Write(client.Secrets)).With(client.Generation).With(client.CreatedAt).With(client.RevokedAt);

    public static void Save(Batch batch, JobCollection collection) => batch.Add(collection.Version == 1 ? InsertCollection : UpdateCollection)
        .With(collection.Tenant).With(collection.Name).With(collection.Version).With(StoredJson.Write(collection.Members))
        .With(StoredJson.Write(collection.Types)).With(StoredJson.Write(collection.Schedules));

    public static OAuthClient ReadClient(Row row) => new(
        row.Text(), row.Int64(), row.Text(), StoredJson.ReadWords(row.Bytes()), StoredJson.ReadWords(row.Bytes()),
        StoredJson.ReadSecrets(row.Bytes()), row.Int32(), row.Time(), row.TimeOrNull());

    public static JobCollection ReadCollection(Row row) => new(
        row.Text(), row.Text(), row.Int64(), StoredJson.ReadWords(row.Bytes()), StoredJson.ReadWords(row.Bytes()), StoredJson.ReadWords(row.Bytes()));
}

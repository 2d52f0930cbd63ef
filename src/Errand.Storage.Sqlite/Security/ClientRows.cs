namespace Errand.Storage.Sqlite;

internal static class ClientRows
{
    private static readonly Sql InsertClient = Sql.Of("identity", "insert_client");
    private static readonly Sql UpdateClient = Sql.Of("identity", "update_client");
    private static readonly Sql FindClient = Sql.Of("identity", "find_client");
    private static readonly Sql ListClients = Sql.Of("identity", "list_clients");

    public static bool Save(Connection db, OAuthClient client) => client.Version == 1
        ? db.Run(InsertClient, insert => Bind(insert, client)) == 1
        : db.Run(UpdateClient, update => Bind(update, client).Bind(client.Version - 1)) == 1;

    public static OAuthClient? Find(Connection db, string id) => db.First(FindClient, find => find.Bind(id), Read);

    public static List<OAuthClient> List(Connection db) => [.. db.List(ListClients, _ => { }, Read)];

    private static Statement Bind(Statement statement, OAuthClient client) => statement
        .Bind(client.Version).Bind(client.Tenant).Bind(StoredJson.Write(client.Scopes)).Bind(StoredJson.Write(client.Roles))
        .Bind(StoredJson.Write(client.Secrets)).Bind(client.Generation).Bind(client.CreatedAt).Bind(client.RevokedAt).Bind(client.Id);

    private static OAuthClient Read(Statement row) => new(
        row.Text(), row.Int64(), row.Text(), StoredJson.ReadWords(row.Bytes()), StoredJson.ReadWords(row.Bytes()),
        StoredJson.ReadSecrets(row.Bytes()), row.Int32(), row.Time(), row.TimeOrNull());
}

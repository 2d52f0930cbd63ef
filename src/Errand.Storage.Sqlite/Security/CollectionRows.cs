namespace Errand.Storage.Sqlite;

internal static class CollectionRows
{
    private static readonly Sql InsertCollection = Sql.Of("identity", "insert_collection");
    private static readonly Sql UpdateCollection = Sql.Of("identity", "update_collection");
    private static readonly Sql ListCollections = Sql.Of("identity", "list_collections");
    private static readonly Sql RemoveCollection = Sql.Of("identity", "remove_collection");

    public static bool Save(Connection db, JobCollection collection) => collection.Version == 1
        ? db.Run(InsertCollection, insert => Bind(insert, collection)) == 1
        : db.Run(UpdateCollection, update => Bind(update, collection).Bind(collection.Version - 1)) == 1;

    public static List<JobCollection> List(Connection db) => [.. db.List(ListCollections, _ => { }, Read)];

    public static bool Remove(Connection db, string tenant, string name) =>
        db.Run(RemoveCollection, remove => remove.Bind(tenant).Bind(name)) == 1;

    private static Statement Bind(Statement statement, JobCollection collection) => statement
        .Bind(collection.Version).Bind(StoredJson.Write(collection.Members)).Bind(StoredJson.Write(collection.Types))
        .Bind(StoredJson.Write(collection.Schedules)).Bind(collection.Tenant).Bind(collection.Name);

    private static JobCollection Read(Statement row) => new(
        row.Text(), row.Text(), row.Int64(), StoredJson.ReadWords(row.Bytes()), StoredJson.ReadWords(row.Bytes()),
        StoredJson.ReadWords(row.Bytes()));
}

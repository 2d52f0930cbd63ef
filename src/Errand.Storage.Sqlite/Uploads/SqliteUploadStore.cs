namespace Errand.Storage.Sqlite;

internal sealed class SqliteUploadStore(Database database) : IUploadStore
{
    private static readonly Sql Insert = Sql.Of("uploads", "insert");
    private static readonly Sql Find = Sql.Of("uploads", "find");

    public async ValueTask AddAsync(Upload upload, CancellationToken cancellationToken) =>
        await database.WriteAsync(t => t.Db.Run(Insert, insert => Bind(insert, upload)), cancellationToken, grows: true);

    public ValueTask<Upload?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.First(Find, find => find.Bind(tenant).Bind(id), Read), cancellationToken);

    private static void Bind(Statement insert, Upload upload) => insert
        .Bind(upload.Tenant).Bind(upload.Id).Bind(upload.Owner).Bind(upload.Format).Bind(upload.Items).Bind(upload.Size).Bind(upload.Digest)
        .Bind(upload.Location).Bind(upload.CreatedAt).Bind(upload.ExpiresAt);

    private static Upload Read(Statement row) => new(
        row.Text(), row.Text(), row.Text(), row.Text(), row.Int32(), row.Int64(), row.Text(), row.Text(), row.Time(), row.Time());
}

namespace Errand.Storage.PostgreSql;

internal sealed class PostgreSqlUploadStore(Database database) : IUploadStore
{
    private static readonly Sql Insert = Sql.Of("uploads", "insert");
    private static readonly Sql Find = Sql.Of("uploads", "find");

    public async ValueTask AddAsync(Upload upload, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await database.CommitAsync(batch => batch.Add(Insert).With(upload.Tenant).With(upload.Id).With(upload.Owner).With(upload.Format).With(upload.Items)
            .With(upload.Size).With(upload.Digest).With(upload.Location).With(upload.CreatedAt).With(upload.ExpiresAt));
    }

    public async ValueTask<Upload?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(Find).With(tenant).With(id), results => results.FirstAsync(Read));
    }

    private static Upload Read(Row row) => new(
        row.Text(), row.Text(), row.Text(), row.Text(), row.Int32(), row.Int64(), row.Text(), row.Text(), row.Time(), row.Time());
}

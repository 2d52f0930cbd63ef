namespace Errand.Storage.Sqlite;

internal sealed class SqliteSchema(Database database) : IStorageSchema
{
    public ValueTask MigrateAsync(DateTimeOffset asOf, CancellationToken cancellationToken) => database.OpenAsync(asOf, cancellationToken);

    public ValueTask<StorageHealth> CheckAsync(CancellationToken cancellationToken) => database.CheckAsync(cancellationToken);
}

using Microsoft.Extensions.Logging;

namespace Errand.Storage.PostgreSql;

internal sealed class PostgreSqlSchema(Database database, SharedFolder? folder, Upkeep upkeep, ILogger logger) : IStorageSchema
{
    /// <summary>A sight of so many transactions ago keeps the dead rows of all of them: claims become slow.</summary>
    private const long OldSight = 5_000_000;

    private static readonly Sql Figures = Sql.Of("health", "figures");

    public async ValueTask MigrateAsync(DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var durability = await Durability.ReadAsync(database);
        if (durability.Refusal(database.Options.RequireSynchronousReplication, database.Server) is { } refusal)
        {
            throw new StorageException(StorageFault.NotWritable, refusal);
        }

        database.SchemaVersion = await database.Options.Migrations.ApplyAsync(database, asOf);
        if (folder is not null) await folder.CheckAsync(cancellationToken);
        await upkeep.StartAsync();
        PostgreSqlLog.Opened(logger, database.Server, database.Options.Schema, database.SchemaVersion, durability.WaitsForStandbys);
    }

    public async ValueTask<StorageHealth> CheckAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var durability = await Durability.ReadAsync(database);
            var (sight, size) = await database.ReadAsync(batch => batch.Add(Figures), results => results.FirstAsync(row => (row.Int64(), row.Int64())));
            return Of(durability, sight, size);
        }
        catch (StorageException exception)
        {
            return new StorageHealth(
                StorageStatus.Unhealthy, [exception.Message], database.SchemaVersion, AcceptsSubmits: false, new Dictionary<string, long>());
        }
    }

    private StorageHealth Of(Durability durability, long sight, long size)
    {
        var reasons = new List<string>();
        if (durability.Refusal(database.Options.RequireSynchronousReplication, database.Server) is { } refusal) reasons.Add(refusal);
        if (durability.Fsync == "off") reasons.Add($"{database.Server} has fsync = off: a power loss destroys it. Set fsync to on.");
        if (sight > OldSight)
        {
            reasons.Add($"A transaction on {database.Server} has been open for {sight} transactions: dead rows are kept. End it; see pg_stat_activity, backend_xmin.");
        }

        var figures = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["xmin_age"] = sight,
            ["database_bytes"] = size,
            ["waits_for_standbys"] = durability.WaitsForStandbys ? 1 : 0,
        };
        return new StorageHealth(
            reasons.Count > 0 ? StorageStatus.Degraded : StorageStatus.Healthy, reasons, database.SchemaVersion, AcceptsSubmits: true, figures);
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace Errand.Server.Hosting;

/// <summary>Adds the engine with the store that the configuration names.</summary>
internal static class StoreSetup
{
    /// <summary>On a store that nodes share, a failover or a slow second of the database must not cost every worker its jobs.</summary>
    private static readonly TimeSpan SharedSessionTerm = TimeSpan.FromSeconds(10);

    public static IErrandBuilder AddTo(IServiceCollection services, ErrandServerOptions options)
    {
        var config = options.Config;
        var errand = services.AddErrand(engine =>
        {
            engine.SlowStart = config.Worker.SlowStart ?? engine.SlowStart;
            if (config.Storage.PostgreSql is not null) engine.SessionTerm = SharedSessionTerm;
        });
        if (config.Storage.PostgreSql is { } shared)
        {
            return errand.UsePostgreSql(store =>
            {
                store.ConnectionString = shared.ConnectionString;
                store.Schema = shared.Schema;
                store.RequireSynchronousReplication = shared.RequireSynchronousReplication;
                store.Pooler = shared.Pooler;
                store.OutputFolder = shared.OutputFolder;
            });
        }

        return errand.UseSqlite(sqlite =>
        {
            sqlite.DataFolder = options.DataFolder;
            sqlite.DatabaseFile = config.Storage.DatabaseFile;
            sqlite.LockTimeout = options.LockTimeout;
        });
    }
}

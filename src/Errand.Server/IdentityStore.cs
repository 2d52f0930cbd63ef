using Errand.AspNetCore;
using Errand.Server.Configuration;
using Errand.Storage;
using Errand.Storage.PostgreSql;
using Errand.Storage.Sqlite;

namespace Errand.Server;

/// <summary>Access tokens, clients and collections of a data folder, opened beside its server or without one. Dispose it.</summary>
public sealed class IdentityStore : IAsyncDisposable
{
    private readonly IJobStorage _storage;

    private IdentityStore(IJobStorage storage, TimeProvider time)
    {
        _storage = storage;
        Tokens = new AccessTokens(storage, time);
        Clients = new OAuthClients(storage, time);
        Collections = new JobCollections(storage, time);
    }

    /// <summary>The tokens.</summary>
    public AccessTokens Tokens { get; }

    /// <summary>The clients.</summary>
    public OAuthClients Clients { get; }

    /// <summary>The collections.</summary>
    public JobCollections Collections { get; }

    /// <summary>Opens the store that the configuration names, by default the one in a folder; makes it when there is none yet.</summary>
    /// <param name="dataFolder">The folder.</param>
    /// <param name="config">Names the store within it, as the server's own configuration does.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IdentityStore> OpenAsync(
        string dataFolder, StorageConfig config, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        IJobStorage storage = config.PostgreSql is { } shared
            ? new PostgreSqlStorage(shared, time)
            : new SqliteStorage(new SqliteStorageOptions { DataFolder = dataFolder, DatabaseFile = config.DatabaseFile, Shared = true }, time);
        try
        {
            await storage.Schema.MigrateAsync(time.GetUtcNow(), cancellationToken);
            return new IdentityStore(storage, time);
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Clients.Dispose();
        return _storage.DisposeAsync();
    }
}

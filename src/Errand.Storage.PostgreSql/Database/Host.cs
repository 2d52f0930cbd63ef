using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// One of the servers that the connection string names. No connection to it is used before it said that it is a primary, and after which promotion it lives: a former primary that does not know of
/// its successor is refused here, before anything is read of it.
/// </summary>
internal sealed class Host : IAsyncDisposable
{
    private const int ProbeSeconds = 2;
    private const string IsStandby = "SELECT pg_is_in_recovery()";

    private static readonly Sql Timeline = Sql.Of("nodes", "timeline");

    private readonly SchemaName _schema;
    private readonly NpgsqlDataSource _probes;
    private volatile bool _knowsTimelines = true;

    public Host(NpgsqlConnectionStringBuilder settings, SchemaName schema, ReadFence fence)
    {
        (Name, _schema) = ($"{settings.Host}:{settings.Port.ToString(CultureInfo.InvariantCulture)}", schema);
        Pool = Build(settings, fence);
        var unpooled = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false };
        Unpooled = Build(unpooled, fence);
        unpooled.CommandTimeout = ProbeSeconds;
        _probes = new NpgsqlDataSourceBuilder(unpooled.ConnectionString).Build();
    }

    public string Name { get; }

    public NpgsqlDataSource Pool { get; }

    /// <summary>Connections that are held for long.</summary>
    public NpgsqlDataSource Unpooled { get; }

    /// <summary>Whether it is a primary now, and after which promotion it lives: 0 where it does not say. Null when it is none, or does not answer.</summary>
    public async Task<int?> AskAsync()
    {
        try
        {
            await using var connection = await _probes.OpenConnectionAsync(CancellationToken.None);
            return await IsStandbyAsync(connection) ? null : await TimelineAsync(connection) ?? 0;
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        await Unpooled.DisposeAsync();
        await _probes.DisposeAsync();
    }

    private NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings, ReadFence fence)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePhysicalConnectionInitializer(
            connection => LookAsync(connection, fence, synchronously: true).GetAwaiter().GetResult(), connection => LookAsync(connection, fence, synchronously: false));
        return builder.Build();
    }

    private async Task LookAsync(NpgsqlConnection connection, ReadFence fence, bool synchronously)
    {
        if (await IsStandbyAsync(connection, synchronously)) throw new NpgsqlException($"{Name} is a standby");
        fence.See(await TimelineAsync(connection, synchronously));
    }

    private static async Task<bool> IsStandbyAsync(NpgsqlConnection connection, bool synchronously = false) => await ScalarAsync(connection, IsStandby, synchronously) is true;

    /// <summary>Null where the server does not say, as some managed ones do not.</summary>
    private async Task<int?> TimelineAsync(NpgsqlConnection connection, bool synchronously = false)
    {
        if (!_knowsTimelines) return null;
        try
        {
            return await ScalarAsync(connection, _schema.TextOf(Timeline), synchronously) as int?;
        }
        catch (PostgresException exception) when (!StorageFaults.IsGoingDown(exception))
        {
            _knowsTimelines = false;
            return null;
        }
    }

    /// <summary>Beats are made on a thread of their own, which nothing of the pool may hold up.</summary>
    private static async ValueTask<object?> ScalarAsync(NpgsqlConnection connection, string text, bool synchronously)
    {
        await using var command = new NpgsqlCommand(text, connection);
        return synchronously ? command.ExecuteScalar() : await command.ExecuteScalarAsync(CancellationToken.None);
    }
}

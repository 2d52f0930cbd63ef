using System.Reflection;
using Hangfire;
using Hangfire.Logging;
using Hangfire.PostgreSql;
using Npgsql;

namespace Errand.Peers.HangfireServer;

/// <summary>Hangfire on PostgreSQL. It has no bulk submit; its queue is filled by single ones.</summary>
internal sealed class HangfireContender(string connection) : Contender
{
    private const int Workers = 20;
    private static HangfireContender? _running;
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connection);
    private PostgreSqlStorage? _storage;
    private BackgroundJobClient? _client;
    private BackgroundJobServer? _server;

    public override string Version =>
        $"{typeof(BackgroundJobClient).Assembly.GetName().Version!.ToString(3)} with Hangfire.PostgreSql {typeof(PostgreSqlStorage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}";

    public override IReadOnlyList<string> Settings =>
    [
        $"{Workers} workers, which are its default at most (docs.hangfire.io, Configuring the degree of parallelism); no console log",
        "EnableLongPolling, so that a submit tells the workers (README of Hangfire.PostgreSql); UseSlidingInvisibilityTimeout, as it recommends",
    ];

    public override bool HasBulk => false;

    /// <summary>The job: a method that is found by its expression.</summary>
    public static void NoOp(string argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        _running?.Run();
    }

    public override Task OpenAsync()
    {
        LogProvider.SetCurrentLogProvider(null);
        GlobalConfiguration.Configuration.SetDataCompatibilityLevel(CompatibilityLevel.Version_180).UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings();
        var options = new PostgreSqlStorageOptions { EnableLongPolling = true, UseSlidingInvisibilityTimeout = true, QueuePollInterval = TimeSpan.FromSeconds(1) };
        _storage = new PostgreSqlStorage(new ConnectionFactory(_source, options), options);
        _client = new BackgroundJobClient(_storage);
        _running = this;
        return Task.CompletedTask;
    }

    public override Task SubmitAsync()
    {
        // Its client has no asynchronous call.
        _client!.Enqueue(() => NoOp(Argument));
        return Task.CompletedTask;
    }

    public override Task StartWorkerAsync()
    {
        _server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = Workers }, _storage!);
        return Task.CompletedTask;
    }

    public override async Task StopWorkerAsync()
    {
        _server!.SendStop();
        await _server.WaitForShutdownAsync(CancellationToken.None);
        _server.Dispose();
    }

    public override async Task<long> UnfinishedAsync()
    {
        await using var command = _source.CreateCommand("SELECT count(*) FROM hangfire.job WHERE statename IS DISTINCT FROM 'Succeeded'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public override async ValueTask DisposeAsync() => await _source.DisposeAsync();

    private sealed class ConnectionFactory(NpgsqlDataSource source, PostgreSqlStorageOptions options) : Hangfire.PostgreSql.Factories.NpgsqlInstanceConnectionFactoryBase(options)
    {
        public override NpgsqlConnection GetOrCreateConnection() => source.CreateConnection();
    }
}

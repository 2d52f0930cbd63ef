using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Wolverine;
using Wolverine.Postgresql;

namespace Errand.Peers.WolverineHost;

/// <summary>Wolverine with PostgreSQL as its transport and its durable inbox. One host sends; another, which is started and stopped, listens.</summary>
internal sealed class WolverineContender(string connection) : Contender
{
    private const string Queue = "noop";
    private static WolverineContender? _running;
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connection);
    private IHost? _sender;
    private IHost? _worker;

    public override string Version => typeof(IMessageBus).Assembly.GetName().Version!.ToString(3);

    public override IReadOnlyList<string> Settings =>
    [
        "UsePostgresqlPersistenceAndTransport, ListenToPostgresqlQueue with UseDurableInbox, MaximumMessagesToReceive 500 and MaximumParallelMessages 25: wolverinefx.net, PostgreSQL Messaging Transport",
        "EnableQueueNotifications, so that a send wakes the listener; UseDurableOutbox, for without it a send ends before anything is stored; DurabilityMode.Solo, the advice for one process",
    ];

    public override bool HasBulk => false;

    internal static void Handled() => _running!.Run();

    public override async Task OpenAsync()
    {
        _running = this;
        _sender = await StartAsync(listens: false);
    }

    public override async Task SubmitAsync()
    {
        await using var scope = _sender!.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().PublishAsync(new NoOp(Argument));
    }

    public override async Task StartWorkerAsync() => _worker = await StartAsync(listens: true);

    public override async Task StopWorkerAsync()
    {
        await _worker!.StopAsync();
        _worker.Dispose();
    }

    public override async Task<long> UnfinishedAsync()
    {
        await using var command = _source.CreateCommand(
            """
            SELECT (SELECT count(*) FROM wolverine.wolverine_outgoing_envelopes) + (SELECT count(*) FROM queues.wolverine_queue_noop)
                + (SELECT count(*) FROM wolverine.wolverine_incoming_envelopes WHERE status <> 'Handled')
            """);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_sender is not null)
        {
            await _sender.StopAsync();
            _sender.Dispose();
        }

        await _source.DisposeAsync();
    }

    private Task<IHost> StartAsync(bool listens) => Host.CreateDefaultBuilder()
        .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Error))
        .UseWolverine(options =>
        {
            options.Durability.Mode = DurabilityMode.Solo;
            options.UsePostgresqlPersistenceAndTransport(connection, "wolverine", transportSchema: "queues").EnableQueueNotifications().AutoProvision();
            options.PublishMessage<NoOp>().ToPostgresqlQueue(Queue).UseDurableOutbox();
            if (listens) options.ListenToPostgresqlQueue(Queue).UseDurableInbox().MaximumMessagesToReceive(500).MaximumParallelMessages(25).PollingInterval(TimeSpan.FromMilliseconds(250));
        })
        .StartAsync();
}

/// <summary>The message.</summary>
public sealed record NoOp(string Argument);

/// <summary>Is found by its name, as is its method.</summary>
public static class NoOpHandler
{
    /// <summary>Handles it.</summary>
    public static void Handle(NoOp message)
    {
        ArgumentNullException.ThrowIfNull(message);
        WolverineContender.Handled();
    }
}

using Microsoft.Extensions.Logging;
using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>Hints by NOTIFY, heard on one connection a node that stands outside the pool.</summary>
internal sealed class PostgreSqlHints : IStorageHints, IAsyncDisposable
{
    private const int ChannelLengthMax = 63;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Database _database;
    private readonly Node _node;
    private readonly HintTeller _teller;
    private readonly string _channel;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public PostgreSqlHints(Database database, Node node, TimeProvider time, ILogger logger)
    {
        (_database, _node, _time, _logger) = (database, node, time, logger);
        _channel = $"{database.Schema.Name}_hints";
        if (_channel.Length > ChannelLengthMax) _channel = _channel[^ChannelLengthMax..];
        _teller = new HintTeller(database, node, _channel, time, logger);
    }

    public IJobHints Others => _teller;

    public async Task ListenAsync(IJobHints ear, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await HearAsync(ear, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
            {
                PostgreSqlLog.HintsNotHeard(_logger, exception, _database.Server, RetryAfter);
            }
            finally
            {
                _node.Listens = false;
            }

            await Task.Delay(RetryAfter, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ValueTask DisposeAsync() => _teller.DisposeAsync();

    private async Task HearAsync(IJobHints ear, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenLastingAsync(cancellationToken);
        connection.Notification += (_, told) => HintText.Read(told.Payload, _node.Id, ear);
        await using (var listen = new NpgsqlCommand($"LISTEN \"{_channel.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        _node.Listens = true;
        while (true) await connection.WaitAsync(cancellationToken);
    }
}

using Microsoft.Extensions.Logging;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// What a node does for the store every second while it is open: beats, asks its clock, adds up the counts that commits appended, turns the ring,
/// and keeps the ranges. Any number of nodes may do so at once: each takes the rows that no other has.
/// </summary>
internal sealed class Upkeep(Database database, Heartbeat heartbeat, Rotation rotation, RangeKeeper ranges, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SlowBeat = TimeSpan.FromSeconds(2);
    private static readonly Sql Now = Sql.Of("ledger", "now");
    private static readonly Sql AddUp = Sql.Of("ledger", "add_up");

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private Task _beating = Task.CompletedTask;
    private Task _ranging = Task.CompletedTask;
    private bool _isRunning;
    private bool _upkeepFails;
    private bool _beatFails;

    /// <summary>Asks the store's clock and begins; only the first call counts.</summary>
    public async ValueTask StartAsync()
    {
        await ObserveAsync();
        await rotation.ReadAsync();
        await RangeAsync();
        if (_isRunning) return;
        _isRunning = true;
        database.Fence.Beat = heartbeat.BeatAsync;
        _running = Task.Run(() => EachSecondAsync(OnceAsync));
        _ranging = Task.Run(() => EachSecondAsync(RangeAsync));
        _beating = Task.Run(BeatAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _beating;
        await _ranging;
        await heartbeat.LeaveAsync();
        _stop.Dispose();
    }

    /// <summary>Beside the rest, which must not wait for a commit that waits for its standbys.</summary>
    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                await BeatOnceAsync();
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The store is closed.
        }
    }

    private async ValueTask BeatOnceAsync()
    {
        try
        {
            var beat = heartbeat.BeatAsync();
            while (await Task.WhenAny(beat, Task.Delay(SlowBeat, time, _stop.Token)) != beat)
            {
                _stop.Token.ThrowIfCancellationRequested();

                // A primary that commits nothing may have a successor that it does not know of.
                await database.Hosts.SearchAsync();
            }

            await beat;
            if (_beatFails) PostgreSqlLog.Beats(logger, database.Server);
            _beatFails = false;
        }
        catch (StorageException exception)
        {
            if (!_beatFails) PostgreSqlLog.BeatFailed(logger, exception, database.Server);
            _beatFails = true;
            await database.Hosts.SearchAsync();
        }
    }

    private async Task EachSecondAsync(Func<ValueTask> doAsync)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) await doAsync();
        }
        catch (OperationCanceledException)
        {
            // The store is closed.
        }
    }

    private async ValueTask OnceAsync()
    {
        try
        {
            await ObserveAsync();
            await database.CommitAsync(batch => batch.Add(AddUp));
            await rotation.PassAsync();
            if (_upkeepFails) PostgreSqlLog.UpkeepWorks(logger, database.Server);
            _upkeepFails = false;
        }
        catch (StorageException exception)
        {
            // Told when it begins and when it is over: a database that is away for an hour fails 3,600 times.
            if (!_upkeepFails) PostgreSqlLog.UpkeepFailed(logger, exception, database.Server, Every);
            _upkeepFails = true;
        }
    }

    /// <summary>Beside the rest: what is swept may take long, and the ring must turn meanwhile.</summary>
    private async ValueTask RangeAsync()
    {
        try
        {
            await ranges.PassAsync();
        }
        catch (StorageException exception)
        {
            PostgreSqlLog.UpkeepFailed(logger, exception, database.Server, Every);
        }
    }

    private async ValueTask ObserveAsync()
    {
        if (time is not StorageClock clock) return;
        await using var session = await database.OpenAsync();
        var batch = session.NewBatch();
        batch.Add(Now);
        var asked = time.GetTimestamp();
        var microseconds = await session.RunAsync(batch, results => results.FirstAsync(row => row.Int64()));
        clock.Observe(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), asked);
    }
}

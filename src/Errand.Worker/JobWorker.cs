using Errand.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Errand.Worker;

/// <summary>Runs jobs while the host runs: claims, executes and settles at the same time, and leaves in good order.</summary>
internal sealed partial class JobWorker : IHostedLifecycleService, IDisposable
{
    // A host that is being stopped waits for its services; what ignores even this is left to crash recovery.
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(5);

    private readonly IJobSource _source;
    private readonly IEnumerable<IHandlerCatalog> _catalogs;
    private readonly IServiceScopeFactory _scopes;
    private readonly WorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly WorkerTelemetry _telemetry;
    private readonly ErrandComposition _composition;
    private readonly ILogger _logger;
    private readonly Random _random = new();

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _givingUp = new();
    private readonly ReadyQueue _ready = new();
    private readonly PrefetchGauge _gauge;
    private readonly Settler _settler;
    private HandlerTable? _handlers;
    private AttemptRunner? _runner;
    private WorkSession? _session;
    private SessionKeeper? _keeper;
    private Task _working = Task.CompletedTask;
    private Task _settling = Task.CompletedTask;
    private Task _slots = Task.CompletedTask;

    public JobWorker(
        IJobSource source, IEnumerable<IHandlerCatalog> catalogs, IServiceScopeFactory scopes, IOptions<WorkerOptions> options,
        TimeProvider time, WorkerTelemetry telemetry, ErrandComposition composition, ILogger<JobWorker> logger)
    {
        (_source, _catalogs, _scopes, _options, _time) = (source, catalogs, scopes, options.Value, time);
        (_telemetry, _composition, _logger) = (telemetry, composition, logger);
        _gauge = new PrefetchGauge(_options.Slots, _options.MaxPrefetch);
        _settler = new Settler(source, time, _random, telemetry, logger);
    }

    /// <summary>The session in force; null before the first. For tests.</summary>
    internal WorkSession? Session => _session;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_composition.StandBy is not null) return Task.CompletedTask;
        _handlers = new HandlerTable(_catalogs);
        if (_handlers.Names.Count is 0)
        {
            LogNoHandlers();
            return Task.CompletedTask;
        }

        _runner = new AttemptRunner(_source, _handlers, _scopes, _settler, _gauge, _options, _time, _telemetry, _logger);
        _settling = Task.Run(() => _settler.RunAsync(_givingUp.Token), CancellationToken.None);
        _slots = Task.WhenAll(Enumerable.Range(0, _options.Slots).Select(_ => Task.Run(RunSlotAsync, CancellationToken.None)));
        _working = Task.Run(WorkAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The host begins to stop: from here on nothing new is claimed, and what never started goes back at once.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _working;
        _ready.Complete();
        if (_runner is not null) await GiveBackAsync(_runner);
    }

    /// <summary>Lets handlers finish, stops those that do not, reports every outcome and closes the session.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await StoppingAsync(cancellationToken);
        if (!await EndsAsync(_slots, _options.DrainTimeout, cancellationToken))
        {
            LogStoppingHandlers(_ready.Held);
            _session?.StopAll(AttemptStop.Draining);
            var patience = _options.StopGrace < LastWait ? _options.StopGrace : LastWait;
            if (!await EndsAsync(_slots, patience, CancellationToken.None)) await GiveUpAsync();
        }

        _settler.Complete();
        if (!await EndsAsync(_settling, LastWait, CancellationToken.None))
        {
            await _givingUp.CancelAsync();
            await _settling;
        }

        await CloseAsync();
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stopping.Cancel();
        _givingUp.Cancel();
        // Without these, slots of a host that failed to start would wait for ever for jobs that nobody claims.
        _ready.Complete();
        _settler.Complete();
        _keeper?.Dispose();
        _stopping.Dispose();
        _givingUp.Dispose();
    }

    private async Task RunSlotAsync()
    {
        while (await _ready.WaitAsync())
        {
            while (_ready.TryTake(out var attempt))
            {
                await _runner!.RunAsync(attempt);
                _ready.Done();
            }
        }
    }

    private async Task WorkAsync()
    {
        var claims = new ClaimLoop(_source, _ready, _gauge, _options, _time, _random, _logger);
        while (await OpenAsync() is { } session)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, session.Lost);
            await claims.RunAsync(session, stop.Token);
            if (_stopping.IsCancellationRequested) return;
            _keeper?.Dispose();
        }
    }

    /// <summary>Opens a session, however long it takes; null when the host stops first.</summary>
    private async Task<WorkSession?> OpenAsync()
    {
        var request = new SessionRequest(_options.Name, _handlers!.Names, [.. _options.Queues], _options.Slots, _options.Tenant);
        var backoff = new Backoff(_time, _random);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var session = new WorkSession(_time);
                session.Begin(await _source.OpenAsync(request, session, _stopping.Token));
                _keeper = new SessionKeeper(_source, session, _time, _telemetry, _logger, GiveBackWhatWaits);
                _keeper.Start();
                _session = session;
                LogOpened(session.Id, _options.Slots, request.Types.Count);
                return session;
            }
            catch (Exception e) when (!_stopping.IsCancellationRequested)
            {
                if (!backoff.Failing) LogNotOpened(e);
                await backoff.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>
    /// Called after each beat. Jobs that were claimed ahead while handlers were quick, and now wait behind slow ones, go back for others
    /// to run.
    /// </summary>
    private void GiveBackWhatWaits()
    {
        if (!_ready.TryPeek(out var oldest) || _time.GetElapsedTime(oldest.ClaimedAt) < TimeSpan.FromSeconds(1)) return;
        _gauge.Stuck();
        _ = GiveBackAsync(_runner!);
    }

    private async Task GiveBackAsync(AttemptRunner runner)
    {
        while (_ready.TryTake(out var attempt))
        {
            await runner.ReleaseAsync(attempt);
            _ready.Done();
        }
    }

    /// <summary>Handlers that do not even stop now: their jobs go back without them, since the process is about to end.</summary>
    private async Task GiveUpAsync()
    {
        LogHandlersLeft(_ready.Held);
        if (_session is { } session) await Task.WhenAll(session.Attempts.Select(_runner!.AbandonAsync));
    }

    private async Task CloseAsync()
    {
        if (_session is not { IsLost: false } session) return;
        try
        {
            using var limit = new CancellationTokenSource(LastWait, _time);
            await _source.CloseAsync(session.Id, limit.Token);
            LogClosed(session.Id);
        }
        catch (Exception e)
        {
            LogNotClosed(e, session.Id);
        }
        finally
        {
            _keeper?.Dispose();
        }
    }

    /// <summary>Waits for a task for some time; true when it ended.</summary>
    private async Task<bool> EndsAsync(Task task, TimeSpan patience, CancellationToken cancellationToken)
    {
        await task.WaitAsync(patience, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompleted;
    }
}

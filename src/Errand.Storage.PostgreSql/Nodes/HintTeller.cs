using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// Gathers what is to be told for a few milliseconds, the newest of each job, and tells it in a transaction of its own: inside the one that
/// writes, NOTIFY would make all commits of the database stand in one line. What is too much to tell is left to the polls of the others.
/// </summary>
internal sealed class HintTeller : IJobHints, IAsyncDisposable
{
    private const int JobsAtMost = 5_000;
    private const int KindsAtMost = 500;

    private static readonly TimeSpan Gathered = TimeSpan.FromMilliseconds(15);
    private static readonly Sql Unflushed = Sql.Of("transaction", "unflushed");
    private static readonly Sql Tell = Sql.Of("nodes", "tell");

    private readonly Lock _gate = new();
    private readonly Dictionary<JobKey, JobChanged> _jobs = [];
    private readonly HashSet<(string Tenant, string Queue, string Type)> _work = [];
    private readonly SemaphoreSlim _some = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Database _database;
    private readonly Node _node;
    private readonly string _channel;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _telling;
    private bool _isArmed;

    public HintTeller(Database database, Node node, string channel, TimeProvider time, ILogger logger)
    {
        (_database, _node, _channel, _time, _logger) = (database, node, channel, time, logger);
        _telling = Task.Run(RunAsync);
    }

    public void Changed(JobKey job, long version, bool finished) => Add(job, version, 0, finished);

    public void Progressed(JobKey job, long sequence) => Add(job, 0, sequence, finished: false);

    public void WorkCame(string tenant, string queue, string type)
    {
        if (!_node.OthersListen) return;
        lock (_gate)
        {
            if (_work.Count < KindsAtMost) _work.Add((tenant, queue, type));
            Arm();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _telling;
        _stop.Dispose();
        _some.Dispose();
    }

    private void Add(JobKey job, long version, long progress, bool finished)
    {
        if (!_node.OthersListen) return;
        lock (_gate)
        {
            if (_jobs.Count >= JobsAtMost && !_jobs.ContainsKey(job)) return;
            ref var told = ref CollectionsMarshal.GetValueRefOrAddDefault(_jobs, job, out _);
            told = new JobChanged(job, Math.Max(told.Version, version), Math.Max(told.Progress, progress), told.Finished || finished);
            Arm();
        }
    }

    private void Arm()
    {
        if (_isArmed) return;
        _isArmed = true;
        _some.Release();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _some.WaitAsync(_stop.Token);
                await Task.Delay(Gathered, _time, _stop.Token);
                await TellAsync(Take());
            }
        }
        catch (OperationCanceledException)
        {
            // The store is closed.
        }
    }

    private string[] Take()
    {
        lock (_gate)
        {
            string[] texts = [.. HintText.Write(_node.Id, _work, _jobs.Values)];
            _work.Clear();
            _jobs.Clear();
            _isArmed = false;
            return texts;
        }
    }

    private async ValueTask TellAsync(string[] texts)
    {
        try
        {
            // Nothing is lost with a hint: its commit waits neither for the disk nor for standbys.
            await _database.CommitAsync(batch =>
            {
                batch.Add(Unflushed);
                batch.Add(Tell).With(_channel).With(texts);
            });
        }
        catch (StorageException exception)
        {
            PostgreSqlLog.HintsNotTold(_logger, exception, _database.Server);
        }
    }
}

using System.Collections.Concurrent;
using Errand.Catalog;
using Errand.Lifecycle;
using Errand.Signals;
using Errand.Storage;
using Microsoft.Extensions.Logging;

namespace Errand.Transactions;

/// <summary>
/// Jobs in transactions of callers: watches for the end of each, and then takes over what was committed. All that it remembers is a hint; after a crash the next start finds the same jobs in
/// the store.
/// </summary>
internal sealed partial class EnlistedJobs(
    IJobStorage storage, JobWriter writer, JobSignals signals, QueueCatalog queues, EnlistmentBell bell, TimeProvider time, ILogger<EnlistedJobs> logger) : IDisposable
{
    private const int Slice = 500;

    // Until then the job is shown as scheduled, and no worker takes it in the moment between its being stored and canceled.
    private static readonly TimeSpan Aside = TimeSpan.FromDays(1);

    private static readonly TimeSpan RemoveAgain = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<EnlistmentWatch, bool> _open = new();

    // How many transactions may bring a job: a save that is tried again writes the same id into the next one.
    private readonly ConcurrentDictionary<JobKey, int> _expected = new();

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile bool _left;

    /// <summary>The store's ability; null where it has none.</summary>
    public ITransactionalStorage? Store { get; } = storage as ITransactionalStorage;

    /// <summary>Looks after jobs that were just written into a transaction.</summary>
    public void Watch(Enlistment enlistment)
    {
        var watch = new EnlistmentWatch(enlistment, [.. enlistment.Jobs.Select(job => job.Head!)], time);
        foreach (var head in watch.Jobs) _expected.AddOrUpdate(head.Key, 1, static (_, transactions) => transactions + 1);
        _open[watch] = true;
        bell.Set();
    }

    /// <summary>True for a job that may have been committed a moment ago and may be taken over by whoever looks for it first.</summary>
    public bool Expects(JobKey key) => !_expected.IsEmpty && _expected.ContainsKey(key);

    /// <summary>Asks the transactions that it is time to ask; takes over what those that are over have left. Returns when to ask again, if any is open.</summary>
    public async ValueTask<TimeSpan?> LookAsync(CancellationToken cancellationToken)
    {
        List<EnlistmentWatch> over = [];
        foreach (var (watch, _) in _open)
        {
            if (watch.IsDue && await watch.Enlistment.HasEndedAsync(cancellationToken)) over.Add(watch);
        }

        if (over.Count > 0 || _left)
        {
            await TakeOverAsync(cancellationToken);
            foreach (var watch in over) await EndAsync(watch, cancellationToken);
        }

        var rest = _open.IsEmpty ? null : (TimeSpan?)_open.Keys.Min(watch => watch.Rest);
        return _left && !(rest < RemoveAgain) ? RemoveAgain : rest;
    }

    /// <summary>Takes over everything that callers have committed.</summary>
    public async ValueTask TakeOverAsync(CancellationToken cancellationToken)
    {
        while (await StoreAsync(cancellationToken) is { Count: > 0 } stored)
        {
            try
            {
                await Store!.RemoveEnlistedAsync(stored, cancellationToken);
            }
            catch (StorageException e) when (e.Fault == StorageFault.Unavailable)
            {
                // The app is writing. Its jobs are stored and told of; what is left of them there can wait, and comes to nothing when it is met again.
                NotRemoved(logger, stored.Count, e);
                _left = true;
                return;
            }
        }

        _left = false;
    }

    /// <summary>Stores what callers have committed – a slice of it –, and leaves what was written down of it: for whoever cannot wait until the app lets its rows be removed.</summary>
    public async ValueTask<IReadOnlyList<EnlistedJob>> StoreAsync(CancellationToken cancellationToken)
    {
        if (Store is null) return [];
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var enlisted = await Store.ListEnlistedAsync(Slice, cancellationToken);
            foreach (var jobs in enlisted.GroupBy(one => one.Job.Head.Tenant)) await StoreAsync([.. jobs.Select(one => one.Job)], cancellationToken);
            return enlisted;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>What the store wrote itself was there with the commit, and nobody has heard of it; what was taken over has been told of.</summary>
    private async ValueTask EndAsync(EnlistmentWatch watch, CancellationToken cancellationToken)
    {
        foreach (var head in watch.Jobs)
        {
            if (!Expects(head.Key)) continue;
            var found = await storage.Jobs.FindAsync(head.Key, JobParts.Status, cancellationToken);
            if (found.Job is { Head: { State: JobState.Queued } stored }) Announce(stored);
            if (found == default) ExpectNoMore(head.Key);
            else _expected.TryRemove(head.Key, out _);
        }

        _open.TryRemove(watch, out _);
    }

    private void ExpectNoMore(JobKey key)
    {
        while (_expected.TryGetValue(key, out var transactions))
        {
            if (transactions > 1 ? _expected.TryUpdate(key, transactions - 1, transactions) : _expected.TryRemove(new(key, transactions))) return;
        }
    }

    private async ValueTask StoreAsync(List<NewJob> jobs, CancellationToken cancellationToken)
    {
        var outcome = await storage.Jobs.SubmitAsync(new JobBatch(jobs, Atomic: false, Idempotency: null, time.GetUtcNow()), cancellationToken);
        for (var i = 0; i < jobs.Count; i++)
        {
            await FollowUpAsync(jobs[i], outcome.Jobs[i], cancellationToken);
            _expected.TryRemove(jobs[i].Head.Key, out _);
        }
    }

    private async ValueTask FollowUpAsync(NewJob job, SubmitOutcome outcome, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case { Kind: SubmitKind.Created, Head: { } head }:
                Announce(head);
                break;
            case { Kind: SubmitKind.UniqueKeyTaken, Head: { } other }:
                await StoreCanceledAsync(job, $"Job {other.Id} had the unique key when the transaction of this one had committed.", cancellationToken);
                break;
            case { Kind: SubmitKind.UploadMissing }:
                await StoreCanceledAsync(job, "The upload was used by another job, or over, when the transaction had committed.", cancellationToken);
                break;
            case { Kind: SubmitKind.IdExists, Head: { } there } when IsAside(job.Head, there):
                await CancelAsync(there, "The unique key or the upload was another job's when the transaction had committed.", cancellationToken);
                break;
            case { Kind: SubmitKind.IdExists, Head: { } there } when there.CreatedAt != job.Head.CreatedAt || there.Type != job.Head.Type:
                IdTaken(logger, job.Head.Id, job.Head.Type, job.Head.Tenant);
                break;
            default:
                // Taken over before, by a process that died before it could say so; perhaps even purged since.
                break;
        }
    }

    /// <summary>
    /// The caller has committed on the job's being there: it is, and says why it does not run. Stored where no worker takes it, and then canceled; after a crash in between, the next
    /// round finds it stored and cancels it.
    /// </summary>
    private async ValueTask StoreCanceledAsync(NewJob job, string reason, CancellationToken cancellationToken)
    {
        var aside = job with
        {
            Head = job.Head with { UniqueKey = null, DueAt = job.Head.DueAt + Aside },
            Details = job.Details with { ItemCount = null },
            Input = job.Input with { UploadId = null },
        };
        var outcome = await storage.Jobs.SubmitAsync(new JobBatch([aside], Atomic: false, Idempotency: null, time.GetUtcNow()), cancellationToken);
        if (outcome.Jobs[0].Head is { } head) await CancelAsync(head, reason, cancellationToken);
    }

    private static bool IsAside(JobHead wanted, JobHead there) =>
        there.State == JobState.Queued && there.CreatedAt == wanted.CreatedAt && there.DueAt == wanted.DueAt + Aside;

    private async ValueTask CancelAsync(JobHead head, string reason, CancellationToken cancellationToken) =>
        await writer.WriteAsync(new Job { Head = head }, new JobCommand.Cancel(reason), cancellationToken);

    private void Announce(JobHead head)
    {
        queues.Get(head.Queue);
        signals.Accepted(head);
    }

    [LoggerMessage(1660, LogLevel.Warning, "A transaction of the app brought job {Job} ({Type}, tenant '{Tenant}'), whose id another job has meanwhile; it is not stored.")]
    private static partial void IdTaken(ILogger logger, JobId job, string type, string tenant);

    [LoggerMessage(1661, LogLevel.Debug, "{Jobs} jobs are taken over from the app's database, which does not let go of their rows yet; it is tried again in a second.")]
    private static partial void NotRemoved(ILogger logger, int jobs, Exception exception);
}

using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Errand.Storage.Sqlite;

/// <summary>
/// Jobs in transactions of the app. They wait in a table of the app's own database, so that one commit holds both, and are taken over from there: this store's file has one writer, which knows
/// its counts by heart, and no transaction may be held open in it. Which files hold such a table is on disk here before the first job is in one.
/// </summary>
internal sealed class Outboxes(Database database, ILogger logger) : ITransactionalStorage
{
    private static readonly Sql ListFiles = Sql.Of("outbox", "list_files");
    private static readonly Sql AddFile = Sql.Of("outbox", "add_file");
    private static readonly Sql FindById = Sql.Of("submit", "find_by_id");
    private static readonly Sql FindByUniqueKey = Sql.Of("submit", "find_by_unique_key");
    private static readonly Sql FindTombstone = Sql.Of("submit", "find_tombstone");

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _missed = new(StringComparer.Ordinal);
    private volatile bool _loaded;

    public async ValueTask<Enlistment> EnlistAsync(JobBatch batch, DbTransaction transaction, CancellationToken cancellationToken)
    {
        database.RefuseGrowth();
        var caller = await CallerDatabase.OfAsync(transaction, Migrations.ApplicationId);
        await KnowAsync(caller.File, cancellationToken);
        var outcomes = new SubmitOutcome[batch.Jobs.Count];
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] = await InTheWayAsync(caller, batch.Jobs, i, cancellationToken) ?? new(SubmitKind.Created, batch.Jobs[i].Head);
        if (Array.Exists(outcomes, outcome => outcome.Kind != SubmitKind.Created))
        {
            return new SqliteEnlistment(transaction, [.. outcomes.Select(outcome => outcome.Kind == SubmitKind.Created ? new(SubmitKind.NotTried, null) : outcome)]);
        }

        foreach (var job in batch.Jobs) await caller.AddAsync(job);
        return new SqliteEnlistment(transaction, outcomes);
    }

    public async ValueTask<IReadOnlyList<EnlistedJob>> ListEnlistedAsync(int limit, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        List<EnlistedJob> jobs = [];
        StorageException? failure = null;
        foreach (var (file, _) in _known)
        {
            if (jobs.Count >= limit) break;
            if (!IsThere(file)) continue;
            try
            {
                jobs.AddRange(OutboxFile.Read(file, limit - jobs.Count));
            }
            catch (SqliteError error)
            {
                failure = new StorageFaults(file).Translate(error);
            }
        }

        // What one file could not give must not keep back what the others hold; it is said when nothing else is left to do.
        return jobs.Count == 0 && failure is not null ? throw failure : jobs;
    }

    public ValueTask RemoveEnlistedAsync(IReadOnlyList<EnlistedJob> jobs, CancellationToken cancellationToken)
    {
        foreach (var group in jobs.GroupBy(job => job.Source, StringComparer.Ordinal))
        {
            try
            {
                if (IsThere(group.Key)) OutboxFile.Remove(group.Key, group);
            }
            catch (SqliteError error)
            {
                throw new StorageFaults(group.Key).Translate(error);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>What has the id or the unique key: among the stored jobs, in the outbox, or earlier in the batch.</summary>
    private async ValueTask<SubmitOutcome?> InTheWayAsync(CallerDatabase caller, IReadOnlyList<NewJob> jobs, int at, CancellationToken cancellationToken)
    {
        var head = jobs[at].Head;
        if (await database.ReadAsync(db => Stored(db, head), cancellationToken) is { } stored) return stored;
        var waiting = await caller.FindAsync(head)
            ?? jobs.Take(at).Select(job => job.Head).FirstOrDefault(other => other.Id == head.Id || (head.UniqueKey is not null && other.UniqueKey == head.UniqueKey));
        return waiting is null ? null : new SubmitOutcome(waiting.Id == head.Id ? SubmitKind.IdExists : SubmitKind.UniqueKeyTaken, waiting);
    }

    private SubmitOutcome? Stored(Connection db, JobHead head)
    {
        if (!database.Names.Tenants.TryFind(head.Tenant, out var tenant)) return null;
        if (db.First(FindById, find => find.Bind(head.Id.Value).Bind(tenant), row => HeadRow.Read(row, database.Names)) is { } same) return new(SubmitKind.IdExists, same);
        if (db.First(FindTombstone, find => find.Bind(head.Id.Value).Bind(tenant), _ => true)) return new(SubmitKind.IdPurged, null);
        if (head.UniqueKey is null) return null;
        return db.First(FindByUniqueKey, find => find.Bind(tenant).Bind(head.UniqueKey), row => HeadRow.Read(row, database.Names)) is { } holder
            ? new(SubmitKind.UniqueKeyTaken, holder)
            : null;
    }

    /// <summary>Durable before the first job is written there: a crash right after the caller's commit leaves a trace of where to look.</summary>
    private async ValueTask KnowAsync(string file, CancellationToken cancellationToken)
    {
        if (_known.ContainsKey(file)) return;
        await database.WriteAsync(t => t.Db.Run(AddFile, add => add.Bind(file)), cancellationToken);
        _known[file] = true;
    }

    private async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        if (_loaded) return;
        foreach (var file in await database.ReadAsync(db => db.List(ListFiles, _ => { }, row => row.Text()), cancellationToken)) _known[file] = true;
        _loaded = true;
    }

    private bool IsThere(string file)
    {
        if (File.Exists(file)) return true;
        if (_missed.TryAdd(file, true)) SqliteLog.OutboxMissing(logger, file);
        return false;
    }
}

using SQLitePCL;

namespace Errand.Storage.Sqlite;

/// <summary>One batch on its way into the tables.</summary>
internal sealed class Submission(Transaction transaction, JobBatch batch)
{
    private static readonly Sql InsertJob = Sql.Of("submit", "insert_job");
    private static readonly Sql FindTombstone = Sql.Of("submit", "find_tombstone");
    private static readonly Sql UseUpload = Sql.Of("submit", "use_upload");
    private static readonly Sql FindById = Sql.Of("submit", "find_by_id");
    private static readonly Sql FindByUniqueKey = Sql.Of("submit", "find_by_unique_key");

    private readonly Ledger _ledger = transaction.Ledger;

    public BatchOutcome Run()
    {
        var request = batch.Idempotency is { } record ? new RememberedRequest(transaction, record) : null;
        if (request?.Replay(batch.AsOf) is { } replay) return replay;

        var outcome = batch.Atomic ? transaction.Attempt(StoreAll, stored => stored.Kind is BatchKind.Stored) : StoreAll();
        if (outcome.Kind is BatchKind.Stored) request?.Remember(outcome.Jobs);
        return outcome;
    }

    private BatchOutcome StoreAll()
    {
        var outcomes = new SubmitOutcome[batch.Jobs.Count];
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] = Store(batch.Jobs[i]);
        if (!batch.Atomic || outcomes.All(outcome => outcome.Kind is SubmitKind.Created)) return new(BatchKind.Stored, outcomes);

        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Kind is SubmitKind.Created) outcomes[i] = new(SubmitKind.NotTried, null);
        }

        return new(BatchKind.RolledBack, outcomes);
    }

    private SubmitOutcome Store(NewJob job)
    {
        var tenant = _ledger.Tenants.Intern(job.Head.Tenant);
        if (IsPurged(job.Head, tenant)) return new(SubmitKind.IdPurged, null);

        var head = job.Head with { Sequence = _ledger.NextSequence() };
        if (job.Input.UploadId is { } upload && WhatStops(head, tenant, upload) is { } reason) return reason;
        if (!TryInsert(head, job.Details, tenant)) return InTheWay(head, tenant) ?? throw Vanished(head);
        DetailsRow.Write(transaction.Db, tenant, head.Sequence, job.Details);
        InputRow.Write(transaction.Db, head.Sequence, job.Input);
        return new(SubmitKind.Created, head);
    }

    private bool TryInsert(JobHead head, JobDetails details, int tenant)
    {
        var lane = _ledger.LaneOf(head);
        using var insert = transaction.Use(InsertJob);
        insert.Bind(head.Sequence).Bind(head.Id.Value).Bind(tenant).Bind(_ledger.Owners.Intern((tenant, head.Owner)))
            .Bind(head.CreatedAt).Bind(details.RequestId)
            .BindMutable(head, lane);
        if (insert.Run() == 0) return false;
        _ledger.Count(lane, head, +1);
        return true;
    }

    private bool IsPurged(JobHead head, int tenant)
    {
        using var find = transaction.Use(FindTombstone);
        return find.Bind(head.Id.Value).Bind(tenant).Step();
    }

    /// <summary>
    /// A job with an upload is looked up before, for the upload must be taken last and only for a job that will be stored.
    /// </summary>
    private SubmitOutcome? WhatStops(JobHead head, int tenant, string upload) =>
        InTheWay(head, tenant) ?? (TryUse(head, upload) ? null : new SubmitOutcome(SubmitKind.UploadMissing, null));

    private bool TryUse(JobHead head, string upload)
    {
        using var use = transaction.Use(UseUpload);
        return use.Bind(head.Tenant).Bind(upload).Bind(head.Owner).Bind(batch.AsOf).Bind(head.Sequence).Run() == 1;
    }

    private SubmitOutcome? InTheWay(JobHead head, int tenant)
    {
        using var byId = transaction.Use(FindById);
        if (byId.Bind(head.Id.Value).Bind(tenant).Step()) return new(SubmitKind.IdExists, HeadRow.Read(byId, _ledger));
        if (head.UniqueKey is null) return null;
        using var byKey = transaction.Use(FindByUniqueKey);
        return byKey.Bind(tenant).Bind(head.UniqueKey).Step() ? new(SubmitKind.UniqueKeyTaken, HeadRow.Read(byKey, _ledger)) : null;
    }

    private static SqliteError Vanished(JobHead head) =>
        new(raw.SQLITE_CORRUPT, $"an index refuses job {head.Id}, and no row is in its way");
}

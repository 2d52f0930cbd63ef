namespace Errand.Storage.PostgreSql;

/// <summary>Inserts what was decided about a group of batches.</summary>
internal sealed class SubmitWrites(Database database, Touch touch)
{
    private static readonly Sql InsertJobs = Sql.Of("submit", "insert_jobs");
    private static readonly Sql InsertWaiting = Sql.Of("submit", "insert_waiting");
    private static readonly Sql InsertUniqueKeys = Sql.Of("submit", "insert_unique_keys");
    private static readonly Sql InsertDeadlines = Sql.Of("submit", "insert_deadlines");
    private static readonly Sql UseUploads = Sql.Of("submit", "use_uploads");
    private static readonly Sql ForgetRequests = Sql.Of("submit", "forget_requests");
    private static readonly Sql SaveRequests = Sql.Of("submit", "save_requests");

    /// <summary>Adds what was decided.</summary>
    public Batch AddTo(Batch batch, DateTimeOffset asOf, SubmitDecisions decisions)
    {
        var jobs = decisions.New;
        if (jobs.Count > 0) Insert(batch, jobs);
        if (decisions.Requests.Count > 0) Remember(batch, decisions.Requests);
        if (decisions.Answered) touch.AddTo(batch, asOf);
        return batch;
    }

    private void Insert(Batch batch, List<NewJob> jobs)
    {
        var (heads, lanes, counts) = (jobs.ConvertAll(job => job.Head), database.Lanes, new LaneCounts());
        batch.Add(InsertJobs)
            .With(heads.Select(h => h.Sequence)).With(heads.Select(h => h.Id.Value)).With(heads.Select(h => lanes[h]))
            .With(heads.Select(h => (short)h.Priority)).With(heads.Select(h => h.Version)).With(heads.Select(h => h.DueAt.UtcTicks))
            .With(heads.Select(h => h.CreatedAt.UtcTicks)).With(heads.Select(h => h.UpdatedAt.UtcTicks))
            .With(heads.Select(h => HeadRow.Ticks(h.ExpiresAt))).With(heads.Select(h => HeadRow.Ticks(h.Deadline)))
            .With(heads.Select(h => h.Attempt)).With(heads.Select(h => h.MaxAttempts)).With(heads.Select(h => h.Failures))
            .With(heads.Select(h => h.Losses)).With(jobs.Select(job => job.Details.RequestId)).With(heads.Select(h => h.Tenant))
            .With(heads.Select(h => h.Owner)).With(heads.Select(h => h.UniqueKey));
        batch.Add(InsertWaiting).With(heads.Select(lanes.ShelfOf)).With(heads.Select(h => h.DueAt.UtcTicks)).With(heads.Select(h => h.Sequence))
            .With(heads.Select(h => h.Version)).With(heads.Select(database.Ring.For));
        DetailsRow.Write(batch, jobs);
        InputRow.Write(batch, jobs);
        AddKeys(batch, heads);
        var fed = jobs.FindAll(job => job.Input.UploadId is not null);
        if (fed.Count > 0)
        {
            batch.Add(UseUploads).With(fed.Select(job => job.Head.Tenant)).With(fed.Select(job => job.Input.UploadId))
                .With(fed.Select(job => job.Head.Sequence));
        }

        foreach (var head in heads) counts.Count(lanes[head], JobState.Queued, +1);
        counts.AddTo(batch);
    }

    private static void AddKeys(Batch batch, List<JobHead> heads)
    {
        var keyed = heads.FindAll(head => head.UniqueKey is not null);
        if (keyed.Count > 0)
        {
            batch.Add(InsertUniqueKeys).With(keyed.Select(h => h.Tenant)).With(keyed.Select(h => h.UniqueKey)).With(keyed.Select(h => h.Sequence));
        }

        var late = heads.FindAll(head => head.Deadline is not null);
        if (late.Count > 0) batch.Add(InsertDeadlines).With(late.Select(h => h.Sequence)).With(late.Select(h => h.Deadline!.Value.UtcTicks));
    }

    private static void Remember(Batch batch, List<(IdempotencyRecord Record, DateTimeOffset AsOf, IReadOnlyList<SubmitOutcome> Jobs)> requests)
    {
        var (tenants, scopes) = (requests.ConvertAll(r => r.Record.Tenant), requests.ConvertAll(r => r.Record.Scope.ToArray()));
        batch.Add(ForgetRequests).With(tenants).With(scopes).With(requests.Select(r => r.AsOf.UtcTicks));
        batch.Add(SaveRequests).With(tenants).With(scopes).With(requests.Select(r => r.Record.Fingerprint.ToArray()))
            .With(requests.Select(r => r.Record.ExpiresAt.UtcTicks)).With(requests.Select(r => Requests.Write(r.Jobs)));
    }
}

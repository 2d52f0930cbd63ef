namespace Errand.Storage.PostgreSql;

/// <summary>
/// What lies in the way of a group of batches: read in the transaction that will insert, and kept up to date while the group is decided.
/// </summary>
internal sealed class SubmitSight
{
    private static readonly Sql TakeSequences = Sql.Of("submit", "sequences");
    private static readonly Sql FindRequests = Sql.Of("submit", "find_requests");
    private static readonly Sql FindById = Sql.Of("submit", "find_by_id");
    private static readonly Sql FindTombstones = Sql.Of("submit", "find_tombstones");
    private static readonly Sql FindByUniqueKey = Sql.Of("submit", "find_by_unique_key");
    private static readonly Sql FindUploads = Sql.Of("submit", "find_uploads");
    private static readonly Sql FindBySequence = Sql.Of("submit", "find_by_sequence");

    private readonly Queue<long> _sequences = new();

    public Dictionary<JobKey, JobHead> Jobs { get; private set; } = [];

    public HashSet<JobKey> Purged { get; private set; } = [];

    public Dictionary<(string Tenant, string Key), JobHead> UniqueKeys { get; private set; } = [];

    /// <summary>Uploads that no job has yet.</summary>
    public Dictionary<(string Tenant, string Id), (string Owner, long ExpiresAt)> Uploads { get; private set; } = [];

    public Dictionary<(string Tenant, string Scope), (byte[] Fingerprint, (SubmitKind Kind, long Job)[] Jobs)> Requests { get; } = [];

    public Dictionary<long, JobHead> Remembered { get; } = [];

    public long NextSequence() => _sequences.Dequeue();

    public static async ValueTask<SubmitSight> ReadAsync(Session session, IReadOnlyList<JobBatch> batches)
    {
        var sight = new SubmitSight();
        var jobs = batches.SelectMany(batch => batch.Jobs).ToList();
        var keyed = jobs.Where(job => job.Head.UniqueKey is not null).ToList();
        var fed = jobs.Where(job => job.Input.UploadId is not null).ToList();
        var asked = batches.Where(batch => batch.Idempotency is not null).ToList();
        var batch = session.BeginBatch();
        batch.Add(TakeSequences).With(jobs.Count);
        batch.Add(FindById).With(jobs.Select(job => job.Head.Id.Value)).With(jobs.Select(job => job.Head.Tenant));
        batch.Add(FindTombstones).With(jobs.Select(job => job.Head.Id.Value)).With(jobs.Select(job => job.Head.Tenant));
        if (keyed.Count > 0) batch.Add(FindByUniqueKey).With(keyed.Select(job => job.Head.Tenant)).With(keyed.Select(job => job.Head.UniqueKey));
        if (fed.Count > 0) batch.Add(FindUploads).With(fed.Select(job => job.Head.Tenant)).With(fed.Select(job => job.Input.UploadId));
        if (asked.Count > 0)
        {
            batch.Add(FindRequests).With(asked.Select(one => one.Idempotency!.Tenant)).With(asked.Select(one => one.Idempotency!.Scope.ToArray()))
                .With(asked.Select(one => one.AsOf.UtcTicks));
        }

        await session.RunAsync(batch, async results =>
        {
            foreach (var sequence in await results.ListAsync(row => row.Int64())) sight._sequences.Enqueue(sequence);
            foreach (var head in await results.ListAsync(HeadRow.Read)) sight.Jobs[head.Key] = head;
            foreach (var key in await results.ListAsync(row => (Id: row.Guid(), Tenant: row.Text()))) sight.Purged.Add(new(key.Tenant, new(key.Id)));
            if (keyed.Count > 0)
            {
                foreach (var head in await results.ListAsync(HeadRow.Read)) sight.UniqueKeys[(head.Tenant, head.UniqueKey!)] = head;
            }

            if (fed.Count > 0)
            {
                foreach (var upload in await results.ListAsync(row => (Name: (row.Text(), row.Text()), Ends: (row.Text(), row.Int64()))))
                {
                    sight.Uploads[upload.Name] = upload.Ends;
                }
            }

            if (asked.Count > 0)
            {
                foreach (var (place, fingerprint, remembered) in await results.ListAsync(row => (row.Int32(), row.Bytes(), row.Bytes())))
                {
                    sight.Requests[PostgreSql.Requests.NameOf(asked[place - 1].Idempotency!)] = (fingerprint, PostgreSql.Requests.Read(remembered));
                }
            }

            return true;
        });
        await sight.ReadRememberedAsync(session);
        return sight;
    }

    /// <summary>What is decided so far, to come back to when an atomic batch is rolled back.</summary>
    public SubmitSight Copy()
    {
        var copy = (SubmitSight)MemberwiseClone();
        (copy.Jobs, copy.UniqueKeys, copy.Uploads) = (new(Jobs), new(UniqueKeys), new(Uploads));
        return copy;
    }

    public void ReturnTo(SubmitSight former) => (Jobs, UniqueKeys, Uploads) = (former.Jobs, former.UniqueKeys, former.Uploads);

    private async ValueTask ReadRememberedAsync(Session session)
    {
        var sequences = Requests.Values.SelectMany(request => request.Jobs).Select(job => job.Job).Where(job => job > 0).Distinct().ToList();
        if (sequences.Count == 0) return;
        var batch = session.NewBatch();
        batch.Add(FindBySequence).With(sequences);
        foreach (var head in await session.RunAsync(batch, results => results.ListAsync(HeadRow.Read))) Remembered[head.Sequence] = head;
    }
}

namespace Errand.Storage.PostgreSql;

/// <summary>
/// The usual group: new jobs without anything that must be there once, such as a unique key. One statement looks for their ids, inserts them and commits, in one round trip; where it finds one of the ids
/// it stores nothing, and the group is looked at more closely.
/// </summary>
internal sealed class PlainSubmit(Database database)
{
    private static readonly Sql Store = Sql.Of("submit", "store");
    private static readonly Sql StoreSaid = Sql.Of("submit", "store_said");

    public static bool IsFor(IReadOnlyList<JobBatch> batches)
    {
        var ids = new HashSet<JobId>();
        return batches.All(batch => batch.Idempotency is null && batch.Jobs.All(job => IsPlain(job) && ids.Add(job.Head.Id)));
    }

    /// <summary>Null where something is in the way; nothing was stored then.</summary>
    public async ValueTask<BatchOutcome[]?> TryAsync(Session session, IReadOnlyList<JobBatch> batches)
    {
        var jobs = batches.SelectMany(batch => batch.Jobs).ToList();
        List<long> numbers = [];
        try
        {
            numbers = await session.CommitAsync(Ask(session.WholeBatch(), jobs), results => results.ListAsync(row => row.Int64()));
        }
        catch (OutcomeUnknownException)
        {
            // They may be there, under numbers that nobody told.
            database.LowerMarks(jobs.Select(job => job.Head));
            throw;
        }

        if (numbers.Count == 0) return null;
        var next = 0;
        BatchOutcome[] outcomes =
            [.. batches.Select(batch => new BatchOutcome(BatchKind.Stored, [.. batch.Jobs.Select(job => new SubmitOutcome(SubmitKind.Created, job.Head with { Sequence = numbers[next++] }))]))];
        database.LowerMarks(outcomes.SelectMany(outcome => outcome.Jobs).Select(job => job.Head!));
        return outcomes;
    }

    private static bool IsPlain(NewJob job) => job.Input.UploadId is null && job.Head is
    {
        State: JobState.Queued, Version: 1, UniqueKey: null, Deadline: null, ExpiresAt: null, Attempt: 0, Failures: 0, Losses: 0,
    } && job.Head.UpdatedAt == job.Head.CreatedAt;

    private Batch Ask(Batch batch, List<NewJob> jobs)
    {
        var (heads, lanes) = (jobs.ConvertAll(job => job.Head), database.Lanes);
        var said = Enumerable.Range(0, jobs.Count).Where(i => !DetailsRow.SaysNothing(jobs[i].Details)).ToList();
        var inputs = jobs.ConvertAll(job => job.Input);
        var call = batch.Add(said.Count == 0 ? Store : StoreSaid)
            .With(heads.Select(h => h.Id.Value)).With(heads.Select(h => lanes[h])).With(heads.Select(h => (short)h.Priority)).With(heads.Select(h => h.DueAt.UtcTicks))
            .With(heads.Select(h => h.CreatedAt.UtcTicks)).With(heads.Select(h => h.MaxAttempts)).With(jobs.Select(job => job.Details.RequestId))
            .With(heads.Select(h => h.Tenant)).With(heads.Select(h => h.Owner)).With(heads.Select(database.Ring.For))
            .With(inputs.Select(input => InputRow.IsNone(input) ? (int?)null : input.Version)).With(inputs.Select(input => InputRow.BytesOf(input.Json)))
            .With(inputs.Select(input => InputRow.BytesOf(input.Items))).With((long)Lanes.ShelvesPerLane);
        if (said.Count > 0) Say(call, said.ConvertAll(i => (Place: i + 1, Job: jobs[i])));
        return batch;
    }

    private static void Say(Call call, List<(int Place, NewJob Job)> said)
    {
        var details = said.ConvertAll(one => one.Job.Details);
        var labels = said.SelectMany(one => LabelRows.Of(one.Job.Details).Select(label => (one.Place, one.Job.Head.Tenant, label.Key, label.Value))).ToList();
        DetailsRow.Add(call.With(said.Select(one => one.Place)), details)
            .With(labels.Select(label => label.Place)).With(labels.Select(label => label.Tenant)).With(labels.Select(label => label.Key))
            .With(labels.Select(label => label.Value));
    }
}

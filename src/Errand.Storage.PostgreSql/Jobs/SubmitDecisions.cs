namespace Errand.Storage.PostgreSql;

/// <summary>Decides what becomes of each job of a group, on what was seen and on what the group itself has decided before. No I/O.</summary>
internal sealed class SubmitDecisions(SubmitSight sight)
{
    /// <summary>The jobs to insert, with their sequences.</summary>
    public List<NewJob> New { get; } = [];

    /// <summary>The requests to remember.</summary>
    public List<(IdempotencyRecord Record, DateTimeOffset AsOf, IReadOnlyList<SubmitOutcome> Jobs)> Requests { get; } = [];

    /// <summary>True when a caller is answered with what was there before, and so needs a commit of its own.</summary>
    public bool Answered { get; private set; }

    public BatchOutcome Decide(JobBatch batch)
    {
        if (batch.Idempotency is { } record && Replay(record) is { } replay) return replay;
        var outcome = batch.Atomic ? DecideWhole(batch) : new BatchOutcome(BatchKind.Stored, DecideAll(batch));
        if (outcome.Kind is BatchKind.Stored && batch.Idempotency is { } request) Remember(request, batch.AsOf, outcome.Jobs);
        return outcome;
    }

    private BatchOutcome? Replay(IdempotencyRecord record)
    {
        if (!sight.Requests.TryGetValue(PostgreSql.Requests.NameOf(record), out var request)) return null;
        Answered = true;
        return request.Fingerprint.AsSpan().SequenceEqual(record.Fingerprint.Span)
            ? new BatchOutcome(BatchKind.Replayed, [.. request.Jobs.Select(job => AsItIsNow(job.Kind, job.Job))])
            : new BatchOutcome(BatchKind.KeyReused, []);
    }

    /// <summary>A job that was purged since keeps its place in the answer.</summary>
    private SubmitOutcome AsItIsNow(SubmitKind kind, long job) => job == 0 ? new(kind, null)
        : sight.Remembered.TryGetValue(job, out var head) ? new(kind, head)
        : new(SubmitKind.IdPurged, null);

    /// <summary>A request that stored nothing had no effect, and so leaves its key free.</summary>
    private void Remember(IdempotencyRecord record, DateTimeOffset asOf, IReadOnlyList<SubmitOutcome> outcomes)
    {
        if (!outcomes.Any(outcome => outcome.Kind is SubmitKind.Created)) return;
        Requests.Add((record, asOf, outcomes));
        sight.Requests[PostgreSql.Requests.NameOf(record)] =
            (record.Fingerprint.ToArray(), [.. outcomes.Select(outcome => (outcome.Kind, outcome.Head?.Sequence ?? 0))]);
        foreach (var head in outcomes.Select(outcome => outcome.Head).OfType<JobHead>()) sight.Remembered[head.Sequence] = head;
    }

    private BatchOutcome DecideWhole(JobBatch batch)
    {
        var (former, count) = (sight.Copy(), New.Count);
        var outcomes = DecideAll(batch);
        if (Array.TrueForAll(outcomes, outcome => outcome.Kind is SubmitKind.Created)) return new(BatchKind.Stored, outcomes);
        sight.ReturnTo(former);
        New.RemoveRange(count, New.Count - count);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Kind is SubmitKind.Created) outcomes[i] = new(SubmitKind.NotTried, null);
        }

        return new(BatchKind.RolledBack, outcomes);
    }

    private SubmitOutcome[] DecideAll(JobBatch batch) => [.. batch.Jobs.Select(job => Decide(job, batch.AsOf))];

    private SubmitOutcome Decide(NewJob job, DateTimeOffset asOf)
    {
        var head = job.Head;
        if (sight.Purged.Contains(head.Key)) return new(SubmitKind.IdPurged, null);
        if (sight.Jobs.TryGetValue(head.Key, out var same)) return InTheWay(SubmitKind.IdExists, same);
        if (head.UniqueKey is { } key && sight.UniqueKeys.TryGetValue((head.Tenant, key), out var holder))
        {
            return InTheWay(SubmitKind.UniqueKeyTaken, holder);
        }

        if (job.Input.UploadId is { } upload && !TryUse(head, upload, asOf)) return new(SubmitKind.UploadMissing, null);
        head = head with { Sequence = sight.NextSequence() };
        New.Add(job with { Head = head });
        sight.Jobs[head.Key] = head;
        if (head.UniqueKey is not null) sight.UniqueKeys[(head.Tenant, head.UniqueKey)] = head;
        return new(SubmitKind.Created, head);
    }

    private SubmitOutcome InTheWay(SubmitKind kind, JobHead head)
    {
        Answered = true;
        return new(kind, head);
    }

    private bool TryUse(JobHead head, string upload, DateTimeOffset asOf) =>
        sight.Uploads.TryGetValue((head.Tenant, upload), out var found) && found.Owner == head.Owner && found.ExpiresAt > asOf.UtcTicks
        && sight.Uploads.Remove((head.Tenant, upload));
}

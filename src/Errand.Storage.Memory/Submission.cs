namespace Errand.Storage.Memory;

/// <summary>One batch on its way into the tables.</summary>
internal sealed class Submission(MemoryDatabase db, JobBatch batch)
{
    public BatchOutcome Run()
    {
        if (Remembered() is { } request)
        {
            return request.Fingerprint.Span.SequenceEqual(batch.Idempotency!.Fingerprint.Span)
                ? new BatchOutcome(BatchKind.Replayed, [.. request.Jobs.Select(AsItIsNow)])
                : new BatchOutcome(BatchKind.KeyReused, []);
        }

        var outcomes = batch.Jobs.Select(Store).ToArray();
        if (batch.Atomic && Array.Exists(outcomes, outcome => outcome.Kind is not SubmitKind.Created)) return RollBack(outcomes);
        Remember(outcomes);
        return new BatchOutcome(BatchKind.Stored, outcomes);
    }

    private RememberedRequest? Remembered() =>
        batch.Idempotency is { } record && db.Requests.TryGetValue(RequestKey.Of(record), out var request) && request.ExpiresAt > batch.AsOf
            ? request
            : null;

    private SubmitOutcome AsItIsNow((SubmitKind Kind, JobKey Job) first) =>
        db.Jobs.TryGetValue(first.Job, out var row) ? new(first.Kind, row.Head)
        : first.Kind is SubmitKind.Created or SubmitKind.IdExists or SubmitKind.UniqueKeyTaken ? new(SubmitKind.IdPurged, null)
        : new(first.Kind, null);

    private SubmitOutcome Store(NewJob job)
    {
        var head = job.Head;
        if (db.Jobs.TryGetValue(head.Key, out var same)) return new(SubmitKind.IdExists, same.Head);
        if (db.Tombstones.ContainsKey(head.Key)) return new(SubmitKind.IdPurged, null);
        if (head.UniqueKey is { } key && db.UniqueKeys.TryGetValue((head.Tenant, key), out var holder)) return new(
            SubmitKind.UniqueKeyTaken, holder.Head);
        if (job.Input.UploadId is { } upload && !TryUse(head, upload)) return new(SubmitKind.UploadMissing, null);

        var row = new JobRow(head with { Sequence = ++db.LastSequence }, Own(job.Details), Own(job.Input));
        db.Add(row);
        return new(SubmitKind.Created, row.Head);
    }

    private bool TryUse(JobHead head, string id)
    {
        var key = (head.Tenant, id);
        if (!db.Uploads.TryGetValue(key, out var row) || row.Used) return false;
        if (row.Upload.Owner != head.Owner || row.Upload.ExpiresAt <= batch.AsOf) return false;
        db.Uploads[key] = row with { Used = true };
        return true;
    }

    private BatchOutcome RollBack(SubmitOutcome[] outcomes)
    {
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] is not { Kind: SubmitKind.Created, Head: { } head }) continue;
            Undo(db.Jobs[head.Key]);
            outcomes[i] = new(SubmitKind.NotTried, null);
        }

        return new BatchOutcome(BatchKind.RolledBack, outcomes);
    }

    private void Undo(JobRow row)
    {
        var upload = row.Input.UploadId is { } id ? db.Uploads[(row.Head.Tenant, id)] : null;
        db.Remove(row);
        if (upload is not null) db.Uploads[(row.Head.Tenant, upload.Upload.Id)] = upload with { Used = false };
    }

    /// <summary>A request that stored nothing had no effect, and so leaves its key free.</summary>
    private void Remember(SubmitOutcome[] outcomes)
    {
        if (batch.Idempotency is not { } record || !Array.Exists(outcomes, outcome => outcome.Kind is SubmitKind.Created)) return;
        var jobs = outcomes.Select((outcome, i) => (outcome.Kind, outcome.Head?.Key ?? batch.Jobs[i].Head.Key)).ToArray();
        db.Requests[RequestKey.Of(record)] = new RememberedRequest(record.Fingerprint.ToArray(), record.ExpiresAt, jobs);
    }

    private static JobDetails Own(JobDetails details) => details with { Labels = details.Labels.ToDictionary() };

    private static JobInput Own(JobInput input) => input with { Json = input.Json.ToArray(), Items = input.Items.ToArray() };
}

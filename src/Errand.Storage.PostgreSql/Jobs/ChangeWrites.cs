namespace Errand.Storage.PostgreSql;

/// <summary>What follows from changes that have won: the row of the new place, and whatever hangs on the job.</summary>
internal sealed class ChangeWrites(Database database)
{
    private static readonly Sql EnterWaiting = Sql.Of("submit", "insert_waiting");
    private static readonly Sql EnterClaimed = Sql.Of("apply", "enter_claimed");
    private static readonly Sql EnterFinished = Sql.Of("apply", "enter_finished");
    private static readonly Sql UpdateJobs = Sql.Of("apply", "update_jobs");
    private static readonly Sql SaveResults = Sql.Of("apply", "save_results");
    private static readonly Sql InsertAttempts = Sql.Of("apply", "insert_attempts");
    private static readonly Sql DeleteLabels = Sql.Of("apply", "delete_labels");
    private static readonly Sql SaveLabels = Sql.Of("apply", "save_labels");
    private static readonly Sql InsertUniqueKeys = Sql.Of("submit", "insert_unique_keys");
    private static readonly Sql DeleteUniqueKeys = Sql.Of("apply", "delete_unique_keys");
    private static readonly Sql InsertDeadlines = Sql.Of("submit", "insert_deadlines");
    private static readonly Sql DeleteDeadlines = Sql.Of("apply", "delete_deadlines");

    public void AddTo(Batch batch, List<JobChange> changes)
    {
        if (changes.Count == 0) return;
        Enter(batch, changes);
        Update(batch, changes.FindAll(TouchesTheJob).ConvertAll(change => change.After));
        SaveResultsOf(batch, changes.FindAll(change => change.Result is not null));
        AppendAttempts(batch, changes.FindAll(change => change.Attempt is not null));
        ReplaceLabels(batch, changes.FindAll(change => change.Labels is not null));
        MoveKeys(batch, changes);
        Count(batch, changes);
    }

    /// <summary>An ordinary end changes nothing that the row of the job holds; then it stays as it was inserted.</summary>
    private static bool TouchesTheJob(JobChange change)
    {
        var (before, after) = (change.Before, change.After);
        return Places.Of(after.State) switch
        {
            Place.Waiting => true,
            Place.Claimed => true,
            _ => (before.Queue, before.Type, before.Priority, before.DueAt, before.Deadline, before.MaxAttempts, before.UniqueKey, before.CancelReason)
                != (after.Queue, after.Type, after.Priority, after.DueAt, after.Deadline, after.MaxAttempts, after.UniqueKey, after.CancelReason),
        };
    }

    private void Enter(Batch batch, List<JobChange> changes)
    {
        var moved = changes.FindAll(change => Places.Of(change.Before.State) != Places.Of(change.After.State)).ConvertAll(change => change.After);
        var waiting = moved.FindAll(head => Places.Of(head.State) is Place.Waiting);
        if (waiting.Count > 0)
        {
            batch.Add(EnterWaiting).With(waiting.Select(database.Lanes.ShelfOf)).With(waiting.Select(h => h.DueAt.UtcTicks))
                .With(waiting.Select(h => h.Sequence)).With(waiting.Select(h => h.Version)).With(waiting.Select(database.Ring.For));
        }

        var claimed = moved.FindAll(head => Places.Of(head.State) is Place.Claimed);
        if (claimed.Count > 0)
        {
            batch.Add(EnterClaimed).With(claimed.Select(h => h.Sequence)).With(claimed.Select(h => h.Version))
                .With(claimed.Select(h => h.Session!.Value.Value)).With(claimed.Select(h => h.Token)).With(claimed.Select(h => HeadRow.Ticks(h.StartedAt)))
                .With(claimed.Select(h => h.UpdatedAt.UtcTicks)).With(claimed.Select(h => h.Attempt)).With(claimed.Select(h => (short)h.State))
                .With(claimed.Select(h => h.Losses > 0));
        }

        EnterTheFinished(batch, changes.ConvertAll(change => change.After).FindAll(head => Places.Of(head.State) is Place.Finished));
    }

    private static void EnterTheFinished(Batch batch, List<JobHead> heads)
    {
        if (heads.Count == 0) return;
        batch.Add(EnterFinished)
            .With(heads.Select(h => h.Sequence)).With(heads.Select(h => h.Version)).With(heads.Select(h => h.Token))
            .With(heads.Select(h => h.UpdatedAt.UtcTicks)).With(heads.Select(h => HeadRow.Ticks(h.StartedAt)))
            .With(heads.Select(h => HeadRow.Ticks(h.FinishedAt))).With(heads.Select(h => HeadRow.Ticks(h.ExpiresAt))).With(heads.Select(h => h.Attempt))
            .With(heads.Select(h => h.Failures)).With(heads.Select(h => h.Losses)).With(heads.Select(h => (short)h.State))
            .With(heads.Select(h => h.HasResult)).With(heads.Select(h => h.Tenant)).With(heads.Select(h => StoredJson.Write(h.Error)));
    }

    private void Update(Batch batch, List<JobHead> heads)
    {
        if (heads.Count == 0) return;
        batch.Add(UpdateJobs)
            .With(heads.Select(h => h.Sequence)).With(heads.Select(h => database.Lanes[h])).With(heads.Select(h => (short)h.Priority))
            .With(heads.Select(h => h.Version)).With(heads.Select(h => h.DueAt.UtcTicks)).With(heads.Select(h => h.UpdatedAt.UtcTicks))
            .With(heads.Select(h => HeadRow.Ticks(h.StartedAt))).With(heads.Select(h => HeadRow.Ticks(h.FinishedAt)))
            .With(heads.Select(h => HeadRow.Ticks(h.ExpiresAt))).With(heads.Select(h => HeadRow.Ticks(h.Deadline))).With(heads.Select(h => h.Attempt))
            .With(heads.Select(h => h.MaxAttempts)).With(heads.Select(h => h.Failures)).With(heads.Select(h => h.Losses)).With(heads.Select(h => h.Token))
            .With(heads.Select(h => h.HasResult)).With(heads.Select(h => h.UniqueKey)).With(heads.Select(h => h.CancelReason))
            .With(heads.Select(h => StoredJson.Write(h.Error)));
    }

    private static void SaveResultsOf(Batch batch, List<JobChange> changes)
    {
        if (changes.Count == 0) return;
        var results = changes.ConvertAll(change => change.Result!);
        batch.Add(SaveResults).With(changes.Select(c => c.Before.Sequence)).With(results.Select(r => r.ContentType)).With(results.Select(r => r.OutputId))
            .With(results.Select(r => r.Size)).With(results.Select(r => r.Digest)).With(results.Select(r => r.StatusCode))
            .With(results.Select(r => InputRow.BytesOf(r.Body)));
    }

    private static void AppendAttempts(Batch batch, List<JobChange> changes)
    {
        if (changes.Count == 0) return;
        var attempts = changes.ConvertAll(change => change.Attempt!);
        batch.Add(InsertAttempts).With(changes.Select(c => c.Before.Sequence)).With(attempts.Select(a => a.Number))
            .With(attempts.Select(a => a.StartedAt.UtcTicks)).With(attempts.Select(a => HeadRow.Ticks(a.FinishedAt)))
            .With(attempts.Select(a => (short)a.Outcome)).With(attempts.Select(a => StoredJson.Write(a.Error))).With(attempts.Select(a => a.Worker));
    }

    private static void ReplaceLabels(Batch batch, List<JobChange> changes)
    {
        if (changes.Count == 0) return;
        batch.Add(DeleteLabels).With(changes.Select(c => c.Before.Sequence));
        DetailsRow.WriteLabels(batch, changes.SelectMany(c => LabelRows.Of(new JobDetails { Labels = c.Labels! }).Select(l => (c.After, l.Key, l.Value))));
        batch.Add(SaveLabels).With(changes.Select(c => c.Before.Sequence)).With(changes.Select(c => StoredJson.Write(c.Labels!)));
    }

    private static void MoveKeys(Batch batch, List<JobChange> changes)
    {
        var left = changes.FindAll(c => KeyOf(c.Before) is { } key && key != KeyOf(c.After)).ConvertAll(c => c.Before);
        var taken = changes.FindAll(c => KeyOf(c.After) is { } key && key != KeyOf(c.Before)).ConvertAll(c => c.After);
        if (left.Count > 0)
        {
            batch.Add(DeleteUniqueKeys).With(left.Select(h => h.Tenant)).With(left.Select(h => h.UniqueKey)).With(left.Select(h => h.Sequence));
        }

        if (taken.Count > 0)
        {
            batch.Add(InsertUniqueKeys).With(taken.Select(h => h.Tenant)).With(taken.Select(h => h.UniqueKey)).With(taken.Select(h => h.Sequence));
        }

        var moved = changes.FindAll(c => DeadlineOf(c.Before) != DeadlineOf(c.After));
        var over = moved.FindAll(c => DeadlineOf(c.Before) is not null);
        if (over.Count > 0) batch.Add(DeleteDeadlines).With(over.Select(c => c.Before.Sequence));
        var set = moved.FindAll(c => DeadlineOf(c.After) is not null);
        if (set.Count > 0) batch.Add(InsertDeadlines).With(set.Select(c => c.Before.Sequence)).With(set.Select(c => DeadlineOf(c.After)!.Value.UtcTicks));
    }

    private void Count(Batch batch, List<JobChange> changes)
    {
        var counts = new LaneCounts();
        foreach (var change in changes)
        {
            counts.Count(database.Lanes[change.Before], change.Before.State, -1);
            counts.Count(database.Lanes[change.After], change.After.State, +1);
        }

        counts.AddTo(batch);
    }

    private static string? KeyOf(JobHead head) => head.State.IsTerminal() ? null : head.UniqueKey;

    private static DateTimeOffset? DeadlineOf(JobHead head) => head.State.IsTerminal() ? null : head.Deadline;
}

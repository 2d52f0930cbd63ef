namespace Errand.Storage.Sqlite;

/// <summary>Writes decided changes, each only where the stored version is still the one it was decided on.</summary>
internal static class Changes
{
    private static readonly Sql Update = Sql.Of("apply", "update");
    private static readonly Sql Exists = Sql.Of("apply", "exists");
    private static readonly Sql SaveResult = Sql.Of("apply", "save_result");
    private static readonly Sql InsertAttempt = Sql.Of("apply", "insert_attempt");
    private static readonly Sql ReadDetails = Sql.Of("apply", "read_details");

    public static IReadOnlyList<ChangeOutcome> Apply(Transaction transaction, IReadOnlyList<JobChange> changes)
    {
        var outcomes = new ChangeOutcome[changes.Count];
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] = Apply(transaction, changes[i]);
        return outcomes;
    }

    private static ChangeOutcome Apply(Transaction transaction, JobChange change)
    {
        var (before, after, job) = (change.Before, change.After, change.Before.Sequence);
        var lane = transaction.Ledger.LaneOf(after);
        using (var update = transaction.Use(Update))
        {
            if (update.BindMutable(after, lane).Bind(job).Bind(before.Version).Run() == 0) return WhyNot(transaction, job);
        }

        transaction.Ledger.Count(transaction.Ledger.LaneOf(before), before, -1);
        transaction.Ledger.Count(lane, after, +1);
        if (change.Attempt is { } attempt) Append(transaction, job, attempt);
        if (change.Result is { } result) Save(transaction, job, result);
        if (change.Labels is { } labels) DetailsRow.ReplaceLabels(transaction.Db, lane.Tenant, job, DetailsOf(transaction, job), labels);
        return ChangeOutcome.Applied;
    }

    private static ChangeOutcome WhyNot(Transaction transaction, long job)
    {
        using var exists = transaction.Use(Exists);
        return exists.Bind(job).Step() ? ChangeOutcome.Conflict : ChangeOutcome.NotFound;
    }

    private static void Append(Transaction transaction, long job, JobAttempt attempt)
    {
        using var insert = transaction.Use(InsertAttempt);
        insert.Bind(job).Bind(attempt.Number).Bind(attempt.StartedAt).Bind(attempt.FinishedAt).Bind((long)attempt.Outcome)
            .Bind(StoredJson.Write(attempt.Error)).Bind(attempt.Worker)
            .Run();
    }

    private static void Save(Transaction transaction, long job, JobResult result)
    {
        using var save = transaction.Use(SaveResult);
        save.Bind(job).Bind(result.ContentType).Bind(result.OutputId).Bind(result.Size).Bind(result.Digest).Bind(result.StatusCode)
            .Bind(result.Body.Span)
            .Run();
    }

    private static JobDetails DetailsOf(Transaction transaction, long job)
    {
        using var read = transaction.Use(ReadDetails);
        return read.Bind(job).Step() ? DetailsRow.Read(read) : JobDetails.None;
    }
}

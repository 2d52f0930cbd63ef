namespace Errand.Storage.PostgreSql;

/// <summary>
/// Batches of many callers on their way into the tables. The usual ones go in one round trip, see <see cref="PlainSubmit"/>. For the rest: look what is in the way, decide in memory, insert everything
/// at once. What another node inserted meanwhile collides, rolls the group back, and is seen by the next look.
/// </summary>
internal sealed class SubmitGroup(Database database, Line line, SubmitWrites writes)
{
    private readonly PlainSubmit _plain = new(database);

    public async ValueTask<BatchOutcome[]> RunAsync(IReadOnlyList<JobBatch> batches)
    {
        await database.Lanes.EnsureAsync(batches.SelectMany(batch => batch.Jobs).Select(job => job.Head));
        await using var session = await line.OpenAsync();
        if (PlainSubmit.IsFor(batches) && await _plain.TryAsync(session, batches) is { } stored) return stored;
        var sight = await SubmitSight.ReadAsync(session, batches);
        var decisions = new SubmitDecisions(sight);
        BatchOutcome[] outcomes = [.. batches.Select(decisions.Decide)];
        try
        {
            await session.CommitAsync(writes.AddTo(session.NewBatch(), batches[0].AsOf, decisions));
        }
        finally
        {
            // Also where nobody knows how the commit ended.
            database.LowerMarks(decisions.New.Select(job => job.Head));
        }

        return outcomes;
    }
}

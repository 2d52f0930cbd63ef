namespace Errand.Storage.PostgreSql;

internal static class ProgressWrites
{
    private static readonly Sql Save = Sql.Of("contents", "save_progress");

    public static async ValueTask<IReadOnlyList<JobProgress?>> WriteAsync(
        Database database, IReadOnlyList<ProgressReport> reports, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (reports.Count == 0) return [];
        await using var session = await database.OpenAsync();
        var tickets = reports.Select(report => report.Ticket).ToList();
        var held = await Fence.HoldAsync(session, tickets);
        var places = Enumerable.Range(0, reports.Count).Where(i => held.Contains(tickets[i].Sequence) && IsNewest(tickets, i))
            .OrderBy(i => tickets[i].Sequence).ToList();
        var saved = new JobProgress?[reports.Count];
        if (places.Count == 0) return saved;

        var batch = session.NewBatch();
        foreach (var i in places) Bind(batch.Add(Save), reports[i]);
        await session.CommitAsync(batch, async results =>
        {
            foreach (var i in places) saved[i] = reports[i].Progress with { Sequence = await results.FirstAsync(row => row.Int64()) };
            return true;
        });
        return saved;
    }

    /// <summary>Two tickets of one job may come together; the lock was taken for the token that holds it, which is the greater one.</summary>
    private static bool IsNewest(List<JobTicket> tickets, int place) =>
        tickets.TrueForAll(other => other.Sequence != tickets[place].Sequence || other.Token <= tickets[place].Token);

    private static void Bind(Call call, ProgressReport report)
    {
        var progress = report.Progress;
        call.With(report.Ticket.Sequence).With(progress.Percent).With(progress.Completed).With(progress.Total).With(progress.Failed)
            .With(progress.Unit).With(progress.Message).With(progress.UpdatedAt);
    }
}

namespace Errand.Storage.Sqlite;

internal static class ProgressWrites
{
    private static readonly Sql Save = Sql.Of("contents", "save_progress");

    public static IReadOnlyList<JobProgress?> Write(Transaction transaction, IReadOnlyList<ProgressReport> reports) =>
        [.. reports.Select(report => transaction.LetsThrough(report.Ticket) ? Write(transaction, report) : null)];

    private static JobProgress Write(Transaction transaction, ProgressReport report)
    {
        var progress = report.Progress;
        using var save = transaction.Use(Save);
        save.Bind(report.Ticket.Sequence).Bind(progress.Percent).Bind(progress.Completed).Bind(progress.Total).Bind(progress.Failed)
            .Bind(progress.Unit).Bind(progress.Message).Bind(progress.UpdatedAt)
            .Step();
        return progress with { Sequence = save.Int64() };
    }
}

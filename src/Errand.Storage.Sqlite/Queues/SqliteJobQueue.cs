namespace Errand.Storage.Sqlite;

internal sealed class SqliteJobQueue(Database database) : IJobQueue
{
    private static readonly Sql PastDeadline = Sql.Of("claim", "past_deadline");

    public ValueTask<ClaimOutcome> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => new Claim(transaction, request).Run(), cancellationToken, RowsOf(request));

    public ValueTask<IReadOnlyList<ChangeOutcome>> SettleAsync(IReadOnlyList<JobChange> changes, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => Changes.Apply(transaction, changes), cancellationToken, changes.Count);

    public ValueTask<IReadOnlyList<JobHead>> ListPastDeadlineAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<JobHead>>(
            db => db.List(PastDeadline, query => query.Bind(asOf).Bind(limit), row => HeadRow.Read(row, database.Names)),
            cancellationToken);

    private static int RowsOf(ClaimRequest request) => Math.Min(request.Limit, request.Queues.Sum(queue => queue.Limit));
}

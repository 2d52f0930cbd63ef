namespace Errand.Storage.PostgreSql;

internal sealed class PostgreSqlJobQueue(Database database, Writers writers) : IJobQueue
{
    private static readonly Sql PastDeadline = Sql.Of("claim", "past_deadline");

    public ValueTask<ClaimOutcome> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        writers.Claims.AskAsync(request, (int)Math.Min(request.Limit, request.Queues.Sum(queue => (long)queue.Limit)), cancellationToken);

    public ValueTask<IReadOnlyList<ChangeOutcome>> SettleAsync(IReadOnlyList<JobChange> changes, CancellationToken cancellationToken) =>
        writers.Changes.AskAsync(changes, changes.Count, cancellationToken);

    public async ValueTask<IReadOnlyList<JobHead>> ListPastDeadlineAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await database.ReadAsync(batch => batch.Add(PastDeadline).With(asOf).With(limit), results => results.ListAsync(HeadRow.Read));
    }
}

namespace Errand.Storage.PostgreSql;

/// <summary>
/// The usual claim, in one round trip: what is due is taken, read and committed by one statement, and the next one tells what is due later. Where queues have limits, or suspects wait, nothing is taken,
/// and the claim is made step by step.
/// </summary>
/// <param name="request">What is wanted.</param>
/// <param name="ofShelf">How many jobs of each shelf are looked at, and locked for a moment; where one holds more, and more is wanted, the claim is made step by step.</param>
internal sealed class WholeClaim(ClaimRequest request, int ofShelf)
{
    private static readonly Sql Take = Sql.Of("claim", "take_whole");
    private static readonly Sql NextDue = Sql.Of("claim", "next_due");

    private readonly int _limit = Wanted(request);

    /// <summary>The claim takes the first jobs of all shelves together: where one queue is to give less than the rest, that is not what is wanted.</summary>
    public bool IsPossible => ofShelf > 0 && _limit > 0 && request.Queues.All(queue => queue.Limit >= _limit);

    /// <summary>How many jobs are wanted in all.</summary>
    public static int Wanted(ClaimRequest request) => (int)Math.Min(request.Limit, request.Queues.Sum(queue => (long)queue.Limit));

    /// <summary>Null when a closer look is needed; nothing was taken then.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="marks">From where each shelf is looked at.</param>
    public async ValueTask<(List<Picked> Picked, ClaimOutcome Outcome)?> TryAsync(Session session, Dictionary<long, ShelfMarks.Mark> marks)
    {
        var (needsLook, jobs, next) = await session.CommitAsync(Ask(session.WholeBatch(), marks), async results =>
        {
            var rows = await results.ListAsync(row => (NeedsLook: row.Bool(), Job: Read(row)));
            return (rows[0].NeedsLook, rows.Select(row => row.Job).OfType<(int Lane, ClaimedJob Job)>().ToList(), await results.FirstAsync(row => row.Int64OrNull()));
        });
        if (needsLook) return null;
        var nextDue = jobs.Count < _limit && next is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null;
        return (jobs.ConvertAll(PickedOf), new ClaimOutcome(jobs.ConvertAll(job => job.Job), nextDue));
    }

    private Batch Ask(Batch batch, Dictionary<long, ShelfMarks.Mark> marks)
    {
        var wanted = request.Queues.SelectMany((queue, turn) => queue.Types.Distinct().Select(type => (queue.Queue, Type: type, Turn: turn, queue.FirstPriority)))
            .DistinctBy(one => (one.Queue, one.Type)).ToList();
        batch.Add(Take).With(request.Session.Value).With(wanted.Select(one => one.Queue)).With(wanted.Select(one => one.Type))
            .With(wanted.Select(one => one.Turn)).With(wanted.Select(one => one.FirstPriority)).With(request.Tenant).With(request.AsOf).With(_limit)
            .With(marks.Keys).With(marks.Values.Select(mark => mark.DueAt)).With(marks.Values.Select(mark => mark.Sequence)).With(ofShelf);
        batch.Add(NextDue).With(wanted.Select(one => one.Queue)).With(wanted.Select(one => one.Type)).With(request.Tenant).With(request.AsOf);
        return batch;
    }

    private static (int Lane, ClaimedJob Job)? Read(Row row) =>
        row.IsNull() ? null : (row.Int32(), new ClaimedJob(HeadRow.Read(row), DetailsRow.Read(row), InputRow.Read(row)));

    private static Picked PickedOf((int Lane, ClaimedJob Job) taken)
    {
        var head = taken.Job.Head;
        return new Picked(Lanes.ShelfOf(taken.Lane, head.Priority, isOfSuspects: false), 0, head.Sequence, head.DueAt.UtcTicks);
    }
}

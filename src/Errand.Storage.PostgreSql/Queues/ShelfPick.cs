namespace Errand.Storage.PostgreSql;

/// <summary>Picks due jobs of several shelves as if they were one, in the order of due time and sequence, and locks them.</summary>
internal sealed class ShelfPick(List<Shelf> shelves, int wanted, int suspects, DateTimeOffset asOf)
{
    /// <summary>About how many rows one pick locks at most, over all shelves.</summary>
    private const int RowsAtMost = 2_000;
    private const int RowsOfShelfMin = 16;

    private static readonly Sql Pick = Sql.Of("claim", "pick");
    private static readonly Sql LookBehind = Sql.Of("claim", "look_behind");

    private int Quota => Math.Min(wanted, Math.Max(RowsOfShelfMin, RowsAtMost / shelves.Count));

    public async ValueTask<List<Picked>> RunAsync(Session session)
    {
        var batch = session.NewBatch();
        batch.Add(Pick).With(shelves.Select(shelf => shelf.Number)).With(shelves.Select(shelf => shelf.After.DueAt))
            .With(shelves.Select(shelf => shelf.After.Sequence)).With(shelves.Select(QuotaOf)).With(asOf);
        var rows = await session.RunAsync(batch, results => results.ListAsync(row => new Picked(row.Int64(), row.Int16(), row.Int64(), row.Int64())));
        var byShelf = rows.ToLookup(row => row.Shelf);

        // A shelf that gave its whole quota may hold more; nothing behind its last job can be put in order yet.
        var edge = (DueAt: long.MaxValue, Sequence: long.MaxValue);
        foreach (var shelf in shelves)
        {
            var given = byShelf[shelf.Number].ToList();
            if (given.Count < QuotaOf(shelf)) continue;
            var last = given.Max(row => (row.DueAt, row.Sequence));
            if (last.CompareTo(edge) < 0) edge = last;
        }

        var ordered = rows.FindAll(row => (row.DueAt, row.Sequence).CompareTo(edge) <= 0).OrderBy(row => row.DueAt).ThenBy(row => row.Sequence).ToList();
        foreach (var shelf in shelves)
        {
            shelf.IsEmpty = byShelf[shelf.Number].Count() < QuotaOf(shelf) && byShelf[shelf.Number].All(row => (row.DueAt, row.Sequence).CompareTo(edge) <= 0);
            if (ordered.FindLast(row => row.Shelf == shelf.Number) is { Sequence: > 0 } last) shelf.After = (last.DueAt, last.Sequence);
        }

        return ordered;
    }

    /// <summary>The first jobs that are not due yet.</summary>
    public static async ValueTask<List<Shelf>> LookBehindAsync(Session session, List<Shelf> shelves, DateTimeOffset asOf)
    {
        var batch = session.NewBatch();
        AddLookBehind(batch, shelves, asOf);
        return await session.RunAsync(batch, ReadBehindAsync);
    }

    public static void AddLookBehind(Batch batch, List<Shelf> shelves, DateTimeOffset asOf) =>
        batch.Add(LookBehind).With(shelves.Select(shelf => shelf.Number)).With(asOf);

    public static ValueTask<List<Shelf>> ReadBehindAsync(Results results) => results.ListAsync(row => new Shelf("", row.Int64(), row.Int64()));

    private int QuotaOf(Shelf shelf) => shelf.IsOfSuspects ? Math.Min(Quota, suspects) : Quota;
}

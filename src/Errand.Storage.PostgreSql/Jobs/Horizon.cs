namespace Errand.Storage.PostgreSql;

/// <summary>
/// Up to which sequence everything is decided. A sequence is taken before its commit and becomes visible with it, so that a row may appear
/// below one that was listed already; a list that goes upward must stop before what is still on its way.
/// </summary>
/// <remarks>
/// <c>nextval</c> locks the sequence for writing until its transaction ends, and a transaction is visible before its locks are let go. So
/// when the last value was S, whoever took a value up to S and is not decided yet is among those that hold the lock just after; once all
/// of these are gone, everything up to S is decided. Writers of other tables, and long reads, do not count.
/// </remarks>
internal sealed class Horizon
{
    private const int MarksAtMost = 64;

    private static readonly Sql LastSequence = Sql.Of("list", "last_sequence");
    private static readonly Sql OnTheirWay = Sql.Of("list", "on_their_way");

    private readonly Lock _gate = new();
    private readonly List<(long Sequence, HashSet<string> Takers)> _marks = [];
    private long _decided;

    public async ValueTask<long> ReadAsync(Database database)
    {
        var (sequence, takers) = await database.ReadAsync(
            batch =>
            {
                batch.Add(LastSequence);
                batch.Add(OnTheirWay);
            },
            async results => (await results.FirstAsync(row => row.Int64()), await results.ListAsync(row => row.Text())));
        return Advance(sequence, takers);
    }

    /// <param name="lastSequence">The last value of the sequence.</param>
    /// <param name="takers">The transactions that hold it, asked after that.</param>
    public long Advance(long lastSequence, IReadOnlyCollection<string> takers)
    {
        lock (_gate)
        {
            foreach (var mark in _marks) mark.Takers.IntersectWith(takers);
            if (_marks.Count < MarksAtMost || takers.Count == 0) _marks.Add((lastSequence, [.. takers]));
            foreach (var mark in _marks.Where(mark => mark.Takers.Count == 0)) _decided = Math.Max(_decided, mark.Sequence);
            _marks.RemoveAll(mark => mark.Sequence <= _decided);
            return _decided;
        }
    }
}

namespace Errand.Storage.PostgreSql;

/// <summary>
/// Up to which sequence everything is decided. A sequence is taken before its commit and becomes visible with it, so that a row may appear
/// below one that was listed already; a list that goes upward must stop before what is still on its way.
/// </summary>
/// <remarks>
/// A submit has its transaction number before it takes sequences. So when the last sequence was S and the next transaction number X, all
/// takers of sequences up to S have numbers below X; once none below X runs any more, all up to S are decided.
/// </remarks>
internal sealed class Horizon
{
    private const int MarksAtMost = 64;

    private static readonly Sql Read = Sql.Of("list", "horizon");

    private readonly Lock _gate = new();
    private readonly List<(long NextTransaction, long Sequence)> _marks = [];
    private long _decided;

    public async ValueTask<long> ReadAsync(Database database)
    {
        var (oldest, next, sequence) = await database.ReadAsync(
            batch => batch.Add(Read), results => results.FirstAsync(row => (row.Int64(), row.Int64(), row.Int64())));
        return Advance(oldest, next, sequence);
    }

    public long Advance(long oldestRunning, long nextTransaction, long lastSequence)
    {
        lock (_gate)
        {
            if (_marks.Count < MarksAtMost || nextTransaction <= oldestRunning) _marks.Add((nextTransaction, lastSequence));
            foreach (var mark in _marks)
            {
                if (mark.NextTransaction <= oldestRunning) _decided = Math.Max(_decided, mark.Sequence);
            }

            _marks.RemoveAll(mark => mark.Sequence <= _decided);
            return _decided;
        }
    }
}

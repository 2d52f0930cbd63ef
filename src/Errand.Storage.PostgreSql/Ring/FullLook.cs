namespace Errand.Storage.PostgreSql;

/// <summary>
/// Looks below the marks, beside the claims: for what committed late and what other nodes gave back. It walks over every dead row that there is, and so
/// takes a small share of the time, however long one look takes.
/// </summary>
internal sealed class FullLook(Database database, TimeProvider time)
{
    /// <summary>From so many bytes of waiting rows on, dead or not, claims look from marks on: about ten thousand rows.</summary>
    public const long ManyBytes = 640 * 1024;

    private const int ShareOfTime = 20;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly Sql Look = Sql.Of("ring", "look_below");

    private TimeSpan _took;
    private long _lookedAt = time.GetTimestamp();

    public async ValueTask PassAsync(long bytes)
    {
        var marks = database.Marks;
        marks.AreUsed = bytes >= ManyBytes;
        var pause = _took * ShareOfTime;
        if (!marks.AreUsed || time.GetElapsedTime(_lookedAt) < (pause > Every ? pause : Every)) return;
        await LookAsync(marks);
    }

    private async ValueTask LookAsync(ShelfMarks marks)
    {
        var from = marks.Copy();
        var since = time.GetTimestamp();
        var below = await database.ReadAsync(
            batch => batch.Add(Look).With(from.Keys).With(from.Values.Select(mark => mark.DueAt)).With(from.Values.Select(mark => mark.Sequence)),
            results => results.ListAsync(row => (Shelf: row.Int64(), DueAt: row.Int64(), Sequence: row.Int64())));
        foreach (var (shelf, dueAt, sequence) in below) marks.Lower(shelf, dueAt, sequence);
        (_took, _lookedAt) = (time.GetElapsedTime(since), time.GetTimestamp());
    }
}

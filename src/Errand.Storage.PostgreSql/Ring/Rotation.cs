namespace Errand.Storage.PostgreSql;

/// <summary>
/// Turns the ring. Whatever takes a waiting job leaves a dead row, which stays while any transaction holds an older snapshot, and which claims walk
/// over. So jobs that begin to wait go to another table every two seconds, and a table that they have left is emptied, which takes its dead rows with it.
/// Any node may do each step at any time: each is one transaction, and rests on nothing that another one found.
/// </summary>
/// <param name="database">The store.</param>
/// <param name="slots">Told where new rows go.</param>
/// <param name="time">Paces the turns.</param>
internal sealed class Rotation(Database database, RingSlots slots, TimeProvider time)
{
    private const long BytesPerRow = 64;
    private const int FewOf = 4;

    private static readonly TimeSpan TurnEvery = TimeSpan.FromSeconds(2);
    private static readonly Sql Read = Sql.Of("ring", "read");
    private static readonly Sql Sizes = Sql.Of("ring", "sizes");
    private static readonly Sql Dead = Sql.Of("ring", "dead");
    private static readonly Sql Turn = Sql.Of("ring", "turn");

    private readonly RingTable[] _tables = [.. Enumerable.Range(0, RingSlots.All).Select(slot => new RingTable(database, time, (short)slot))];
    private readonly SmallTables _small = new(database, time);
    private readonly FullLook _look = new(database, time);

    /// <summary>From this size on a table is worth turning from: some thousand rows. Tests set less.</summary>
    public long TurnAt { get; set; } = 64 * 1024;

    /// <summary>The same for what is due later, which changes more slowly and is looked at from a mark on.</summary>
    public long TurnLaterAt { get; set; } = 2 * 1024 * 1024;

    /// <summary>Reads where new rows go.</summary>
    public async ValueTask ReadAsync()
    {
        var (now, later, _) = await database.ReadAsync(batch => batch.Add(Read), ReadRingAsync);
        slots.Set(now, later);
    }

    /// <summary>One step of each table.</summary>
    public async ValueTask PassAsync()
    {
        var ((now, later, turnedAt), bytes, dead) = await database.ReadAsync(
            batch =>
            {
                batch.Add(Read);
                batch.Add(Sizes);
                batch.Add(Dead).With(WalkMarks.Tables);
            },
            async results => (await ReadRingAsync(results), await results.ListAsync(row => row.Int16() >= 0 ? row.Int64() : 0), await results.ListAsync(row => row.Int64())));
        database.Walks.See(dead);
        slots.Set(now, later);
        await TurnAsync(now, later, turnedAt, bytes);
        for (short slot = 0; slot < RingSlots.All; slot++)
        {
            if (slot == slots.Now || slot == slots.Later) _tables[slot].Use();
            else if (bytes[slot] > 0) await _tables[slot].ClearAsync(Math.Max(1, bytes[slot] / BytesPerRow / FewOf), slots.Later);
        }

        await _look.PassAsync(bytes.Sum());
        await _small.PassAsync();
    }

    private async ValueTask TurnAsync(short now, short later, long turnedAt, List<long> bytes)
    {
        var asOf = time.GetUtcNow().UtcTicks;
        if (Math.Abs(asOf - turnedAt) < TurnEvery.Ticks) return;
        var next = bytes[now] >= TurnAt ? Next(now, 0, RingSlots.OfNow, bytes) : now;
        var nextLater = bytes[later] >= TurnLaterAt ? Next(later, RingSlots.OfNow, RingSlots.All, bytes) : later;
        if (next == now && nextLater == later) return;
        Call turn = default;
        await database.CommitAsync(batch => turn = batch.Add(Turn).With(next).With(nextLater).With(asOf).With(now).With(later).With(turnedAt));
        if (turn.Command.RecordsAffected > 0) slots.Set(next, nextLater);
    }

    /// <summary>The next one that is empty; the same where none is.</summary>
    private static short Next(short slot, int first, int end, List<long> bytes)
    {
        for (var i = 1; i < end - first; i++)
        {
            var next = first + ((slot - first + i) % (end - first));
            if (bytes[next] == 0) return (short)next;
        }

        return slot;
    }

    private static async ValueTask<(short Now, short Later, long TurnedAt)> ReadRingAsync(Results results) =>
        await results.FirstAsync(row => (row.Int16(), row.Int16(), row.Int64()));
}

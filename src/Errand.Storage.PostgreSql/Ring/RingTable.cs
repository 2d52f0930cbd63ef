namespace Errand.Storage.PostgreSql;

/// <summary>One of the six tables that waiting jobs lie in, with what this node knows of it from pass to pass.</summary>
internal sealed class RingTable(Database database, TimeProvider time, short slot)
{
    private const int RowsPerMove = 5_000;

    /// <summary>How long a table must have been empty: whoever took a snapshot before has come to lock what it reads.</summary>
    private static readonly TimeSpan EmptyFor = TimeSpan.FromSeconds(1);

    private static readonly Sql Local = Sql.Of("transaction", "local");
    private static readonly Sql BeQuick = Sql.Of("transaction", "be_quick");

    private readonly Sql _countLeft = Sql.Of("ring", "count_left").OnTable("waiting_0", $"waiting_{slot}");
    private readonly Sql _moveLeft = Sql.Of("ring", "move_left").OnTable("waiting_0", $"waiting_{slot}");
    private readonly Sql _lock = Sql.Of("empty", "lock").OnTable("waiting_0", $"waiting_{slot}");
    private readonly Sql _mayEmpty = Sql.Of("ring", "may_empty").OnTable("waiting_0", $"waiting_{slot}");
    private readonly Sql _empty = Sql.Of("empty", "empty").OnTable("waiting_0", $"waiting_{slot}");

    private long? _emptySince;
    private readonly LockTries _tries = new(time);

    /// <summary>Empties the table if it holds nothing, or moves what little it holds to another.</summary>
    /// <param name="fewRows">So many are few.</param>
    /// <param name="to">Where they go.</param>
    public async ValueTask ClearAsync(long fewRows, short to)
    {
        if (!_tries.MayTry) return;
        var rows = await database.ReadAsync(batch => batch.Add(_countLeft).With(fewRows + 1), results => results.FirstAsync(row => row.Int64()));
        if (rows == 0)
        {
            _emptySince ??= time.GetTimestamp();
            if (time.GetElapsedTime(_emptySince.Value) >= EmptyFor) await EmptyAsync();
            return;
        }

        _emptySince = null;
        if (rows > fewRows) return;

        // A claim that came upon a row on its way has left it out.
        foreach (var (shelf, dueAt) in await MoveAsync(to)) database.Marks.Lower(shelf, dueAt, 0);
    }

    /// <summary>The table is the current one: rows come to it.</summary>
    public void Use() => _emptySince = null;

    private ValueTask<List<(long Shelf, long DueAt)>> MoveAsync(short to) => database.CommitAsync(
        batch => batch.Add(_moveLeft).With(RowsPerMove).With(to), results => results.ListAsync(row => (row.Int64(), row.Int64())));

    private async ValueTask EmptyAsync()
    {
        await using var session = await database.OpenAsync();
        try
        {
            var batch = session.BeginBatch();
            batch.Add(BeQuick);
            batch.Add(_lock);
            batch.Add(_mayEmpty);
            if (!await session.RunAsync(batch, results => results.FirstAsync(row => row.Bool())))
            {
                _emptySince = null;
                _tries.Refused();
                return;
            }

            // The lock is not to be held for as long as a standby is away; nothing that is said to anybody rests on this commit.
            var rest = session.NewBatch();
            rest.Add(Local);
            rest.Add(_empty);
            await session.CommitAsync(rest, async results =>
            {
                await results.DrainAsync();
                return true;
            });
            _emptySince = null;
            _tries.Succeeded();
        }
        catch (StorageException exception)
        {
            _tries.Refused();
            if (!LockTries.IsRefusal(exception)) throw;
        }
    }
}

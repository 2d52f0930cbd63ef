namespace Errand.Storage.PostgreSql;

/// <summary>
/// Drops the ranges that no job is left in, and with them all that retention left lying there. A job that is on its way with a sequence of the range was seen by
/// <see cref="Horizon"/>; one that nobody could see keeps the part locked that it wrote to, or is put into the rest: a drop never takes a row of a job that is there.
/// </summary>
internal sealed class RangeEnd(Database database, TimeProvider time)
{
    /// <summary>How long a range must have been empty: whoever took a snapshot before has come to read what it names.</summary>
    private static readonly TimeSpan EmptyFor = TimeSpan.FromSeconds(1);

    private static readonly Sql LastJob = Sql.Of("ranges", "last_job");
    private static readonly Sql Keep = Sql.Of("ranges", "keep");
    private static readonly Sql BeQuick = Sql.Of("transaction", "be_quick");
    private static readonly Sql Local = Sql.Of("transaction", "local");
    private static readonly Sql LockRange = Sql.Of("ranges", "lock_range");
    private static readonly Sql IsThere = Sql.Of("parts", "is_there");
    private static readonly Sql MayDrop = Sql.Of("ranges", "may_drop");
    private static readonly Sql Lock = Sql.Of("parts", "lock");
    private static readonly Sql Drop = Sql.Of("parts", "drop");
    private static readonly Sql Forget = Sql.Of("ranges", "forget");

    private readonly Horizon _horizon = new();
    private readonly Dictionary<long, LockTries> _tries = [];
    private readonly Dictionary<long, long> _emptySince = [];

    public async ValueTask PassAsync(RangeState state)
    {
        var candidates = state.Ranges.Where(range => range.FilledAt is not null && TriesOf(range).MayTry).ToList();
        if (candidates.Count == 0) return;
        var decided = await _horizon.ReadAsync(database);
        foreach (var range in candidates.Where(range => range.Until <= decided + 1)) await TryAsync(range);
    }

    private async ValueTask TryAsync(JobRange range)
    {
        var last = await database.ReadAsync(batch => batch.Add(LastJob).With(range.First).With(range.Until), results => results.FirstAsync(row => row.Int64()));
        if (last != 0)
        {
            _emptySince.Remove(range.First);
            TriesOf(range).Refused();
            return;
        }

        _emptySince.TryAdd(range.First, time.GetTimestamp());
        if (time.GetElapsedTime(_emptySince[range.First]) < EmptyFor) return;
        try
        {
            foreach (var table in JobRange.Tables)
            {
                if (!await DropAsync(range, table))
                {
                    TriesOf(range).Refused();
                    return;
                }
            }

            await database.CommitAsync(batch => batch.Add(Forget).With(range.First));
            _emptySince.Remove(range.First);
            _tries.Remove(range.First);
        }
        catch (StorageException exception) when (LockTries.IsRefusal(exception))
        {
            TriesOf(range).Refused();
        }
    }

    /// <summary>False when the part must stay for now.</summary>
    private async ValueTask<bool> DropAsync(JobRange range, string table)
    {
        await using var session = await database.OpenAsync();
        var batch = session.BeginBatch();
        batch.Add(BeQuick);
        batch.Add(Keep);
        batch.Add(LockRange).With(range.First);
        batch.AddOnce(range.On(IsThere, table));
        batch.Add(MayDrop).With(range.First).With(range.Until);
        var (mine, isThere, mayDrop) = await session.RunAsync(batch, async results => (
            (await results.SkipAsync()).Count + (await results.SkipAsync()).Count == 2, await results.FirstAsync(row => row.Bool()), await results.FirstAsync(row => row.Bool())));
        if (!mine || !mayDrop) return false;
        if (!isThere) return true;

        // Parent first, as everybody else: whoever comes between waits for both, and for no longer than the files take. Standbys are not waited for under the lock.
        var rest = session.NewBatch();
        rest.Add(Local);
        rest.AddOnce(range.On(Lock, table));
        rest.AddOnce(range.On(Drop, table));
        return await session.CommitAsync(rest);
    }

    private LockTries TriesOf(JobRange range)
    {
        if (!_tries.TryGetValue(range.First, out var tries)) _tries[range.First] = tries = new LockTries(time);
        return tries;
    }
}

using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// Keeps the ranges that wide rows lie in: makes them ahead of need, sees them fill, and drops those that no job is left in. Any node may do each step at
/// any time: each is one transaction, behind the one row of <c>range_keeper</c>, and waits for a lock for at most 50 ms, so that nobody queues behind it for longer.
/// </summary>
internal sealed class RangeKeeper(Database database, TimeProvider time)
{
    private const long DistanceMin = 1_000;
    private const long DistanceMax = 1_000_000;

    /// <summary>To make a range the server looks through what lies outside of all, under a lock.</summary>
    private const long RestBytesMax = 64 * 1024 * 1024;

    private static readonly Sql Keep = Sql.Of("ranges", "keep");
    private static readonly Sql BeQuick = Sql.Of("transaction", "be_quick");
    private static readonly Sql SeeOpened = Sql.Of("ranges", "see_opened");
    private static readonly Sql SeeFilled = Sql.Of("ranges", "see_filled");
    private static readonly Sql Save = Sql.Of("ranges", "save");
    private static readonly Sql Make = Sql.Of("parts", "make");
    private static readonly Sql Attach = Sql.Of("parts", "attach");

    private readonly RangeBeginning _beginning = new(database, time);
    private readonly RangeEnd _end = new(database, time);
    private readonly RangeSweep _sweep = new(database);
    private readonly LockTries _tries = new(time);
    private long _distance = DistanceMin;

    /// <summary>One step of each kind.</summary>
    public async ValueTask PassAsync()
    {
        var state = await LookAsync();
        if (!state.IsRanged)
        {
            await _beginning.PassAsync(state);
            state = await LookAsync();
        }

        if (!state.IsRanged) return;
        await _beginning.LeaveOldAsync(state);
        await SeeAsync(state);
        while (state.Ahead < RangeRules.Ahead && _tries.MayTry && state.Tables.All(table => table.RestBytes < RestBytesMax) && await MakeAsync()) state = await LookAsync();
        await _end.PassAsync(state);
        await _sweep.PassAsync(state, time.GetUtcNow());
    }

    private ValueTask<RangeState> LookAsync() => database.ReadAsync(RangeState.Ask, RangeState.ReadAsync);

    private async ValueTask SeeAsync(RangeState state)
    {
        if (!state.Ranges.Any(range => (range.OpenedAt is null && range.First <= state.Last && range.First != JobRange.Old) || (range.FilledAt is null && range.Until <= state.Last))) return;
        var now = time.GetUtcNow();
        await database.CommitAsync(batch =>
        {
            batch.Add(SeeOpened).With(state.Last).With(now);
            batch.Add(SeeFilled).With(state.Last).With(now).With(RangeRules.SlowestFill.Ticks);
        });
    }

    /// <summary>Makes the next range in all tables. Rows that come meanwhile lie in the rest, and no job waits for it.</summary>
    private async ValueTask<bool> MakeAsync()
    {
        await using var session = await database.OpenAsync();
        try
        {
            var batch = session.BeginBatch();
            batch.Add(BeQuick);
            batch.Add(Keep);
            RangeState.Ask(batch);
            var (mine, state) = await session.RunAsync(batch, async results => ((await results.ListAsync(row => row.Bool())).Count > 0, await RangeState.ReadAsync(results)));
            if (!mine || state.Ahead >= RangeRules.Ahead) return false;
            var first = RangeRules.NextFirst(state.Ranges, state.Last, _distance);
            var range = new JobRange(first, first + RangeRules.NextWidth(state.Ranges, database.Options.RangeWidthMin));
            var rest = session.NewBatch();
            rest.Add(Save).With(range.First).With(range.Until).With(false);
            foreach (var table in JobRange.Tables)
            {
                rest.AddOnce(range.On(Make, table));
                rest.AddOnce(range.On(Attach, table));
            }

            await session.CommitAsync(rest);
            _distance = DistanceMin;
            _tries.Succeeded();
            return true;
        }
        catch (StorageException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.CheckViolation })
        {
            // Jobs came faster than the range: the next one begins further on.
            _distance = Math.Min(DistanceMax, _distance * 10);
            return false;
        }
        catch (StorageException exception) when (LockTries.IsRefusal(exception))
        {
            _tries.Refused();
            return false;
        }
    }
}

namespace Errand.Storage.PostgreSql;

/// <summary>
/// Writes decided changes, each only where the stored version is still the one it was decided on. The row of the place that a job leaves is
/// what is compared and swapped; whoever takes it has won.
/// </summary>
internal sealed class ChangeGroup(Database database, Line line, Touch touch)
{
    private static readonly Sql Exist = Sql.Of("apply", "exist");
    private static readonly Sql[] Leave =
        [Sql.Of("apply", "leave_waiting"), Sql.Of("apply", "leave_claimed"), Sql.Of("apply", "leave_finished")];

    private static readonly Sql StayWaiting = Sql.Of("apply", "stay_waiting");
    private static readonly Sql StayClaimed = Sql.Of("apply", "stay_claimed");
    private static readonly Sql StayFinished = Sql.Of("apply", "stay_finished");

    public async ValueTask<IReadOnlyList<ChangeOutcome>[]> RunAsync(IReadOnlyList<IReadOnlyList<JobChange>> asked)
    {
        var changes = asked.SelectMany(list => list).ToList();
        await database.Lanes.EnsureAsync(changes.Select(change => change.After).Concat(changes.Select(change => change.Before)));
        var outcomes = new ChangeOutcome[changes.Count];
        await using var session = await line.OpenAsync();

        // Of several changes of one job, one a round: the later ones were decided on a version that is no more.
        var places = Enumerable.Range(0, changes.Count).OrderBy(i => changes[i].Before.Sequence).ToList();
        var rounds = places.GroupBy(i => changes[i].Before.Sequence).SelectMany(job => job.Select((i, round) => (i, round)))
            .GroupBy(one => one.round, one => one.i).OrderBy(round => round.Key).Select(round => round.ToList()).ToList();
        try
        {
            for (var round = 0; round < rounds.Count; round++)
            {
                await RunAsync(session, changes, rounds[round], outcomes, isFirst: round == 0, isLast: round == rounds.Count - 1);
            }
        }
        finally
        {
            // Also where nobody knows how the commit ended.
            database.LowerMarks(changes.Select(change => change.After));
        }

        if (asked.Any(list => list.Count == 0))
        {
            var batch = session.NewBatch();
            touch.AddTo(batch, DateTimeOffset.MinValue);
            await session.CommitAsync(batch);
        }

        var next = 0;
        return [.. asked.Select(list => (IReadOnlyList<ChangeOutcome>)outcomes[next..(next += list.Count)])];
    }

    private async ValueTask RunAsync(
        Session session, List<JobChange> changes, List<int> round, ChangeOutcome[] outcomes, bool isFirst, bool isLast)
    {
        var batch = isFirst ? session.BeginBatch() : session.NewBatch();
        var statements = Swap(batch, round.ConvertAll(i => changes[i]));
        var won = await session.RunAsync(batch, async results =>
        {
            var swapped = new HashSet<long>();
            for (var i = 0; i < statements; i++) swapped.UnionWith(await results.ListAsync(row => row.Int64()));
            return swapped;
        });

        var lost = round.FindAll(i => !won.Contains(changes[i].Before.Sequence));
        var rest = session.NewBatch();
        if (lost.Count > 0) rest.Add(Exist).With(lost.Select(i => changes[i].Before.Sequence).Distinct());
        new ChangeWrites(database).AddTo(rest, round.FindAll(i => won.Contains(changes[i].Before.Sequence)).ConvertAll(i => changes[i]));
        if (rest.Count == 0 && !isLast) return;
        var there = isLast ? await session.CommitAsync(rest, ReadAsync) : await session.RunAsync(rest, ReadAsync);
        foreach (var i in lost) outcomes[i] = there.Contains(changes[i].Before.Sequence) ? ChangeOutcome.Conflict : ChangeOutcome.NotFound;

        async ValueTask<HashSet<long>> ReadAsync(Results results) => lost.Count == 0 ? [] : [.. await results.ListAsync(row => row.Int64())];
    }

    /// <summary>Adds the statements that compare and swap; returns how many.</summary>
    private int Swap(Batch batch, List<JobChange> changes)
    {
        var statements = 0;
        foreach (var place in Enum.GetValues<Place>())
        {
            var from = changes.FindAll(change => Places.Of(change.Before.State) == place);
            var (stays, goes) = (from.FindAll(IsStay), from.FindAll(change => !IsStay(change)));
            if (goes.Count > 0) batch.Add(Leave[(int)place]).With(goes.Select(c => c.Before.Sequence)).With(goes.Select(c => c.Before.Version));
            if (stays.Count > 0) Stay(batch, place, stays);
            statements += (goes.Count > 0 ? 1 : 0) + (stays.Count > 0 ? 1 : 0);
        }

        return statements;
    }

    private static bool IsStay(JobChange change) => Places.Of(change.Before.State) == Places.Of(change.After.State);

    private void Stay(Batch batch, Place place, List<JobChange> changes)
    {
        var after = changes.ConvertAll(change => change.After);
        var call = batch.Add(place switch { Place.Waiting => StayWaiting, Place.Claimed => StayClaimed, _ => StayFinished })
            .With(changes.Select(c => c.Before.Sequence)).With(changes.Select(c => c.Before.Version)).With(after.Select(a => a.Version));
        if (place is Place.Waiting) call.With(after.Select(database.Lanes.ShelfOf)).With(after.Select(a => a.DueAt.UtcTicks));
        if (place is Place.Claimed)
        {
            call.With(after.Select(a => a.Session!.Value.Value)).With(after.Select(a => a.Token)).With(after.Select(a => HeadRow.Ticks(a.StartedAt)))
                .With(after.Select(a => a.UpdatedAt.UtcTicks)).With(after.Select(a => a.Attempt)).With(after.Select(a => (short)a.State))
                .With(after.Select(a => a.Losses > 0));
        }
    }
}

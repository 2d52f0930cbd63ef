namespace Errand.Storage.PostgreSql;

/// <summary>
/// One claim. A look tells which shelves hold something; then the due jobs of each priority are picked in order, locked and skipping what
/// others hold, and the picked ones are moved to the claimed. What the session cannot run lies on other shelves and is never looked at.
/// </summary>
/// <param name="database">The store.</param>
/// <param name="line">The connection of claims.</param>
/// <param name="request">What is wanted.</param>
/// <param name="ofShelf">How many jobs of each shelf to look at if it is made in one statement; 0 for a claim step by step.</param>
internal sealed class Claim(Database database, Line line, ClaimRequest request, int ofShelf)
{
    private const int HighestPriority = 9;

    private static readonly Sql Look = Sql.Of("claim", "look");
    private static readonly Sql SessionExists = Sql.Of("claim", "session_exists");
    private static readonly Sql LockLimited = Sql.Of("claim", "lock_limited");
    private static readonly Sql Limits = Sql.Of("claim", "limits");
    private static readonly Sql LockSuspects = Sql.Of("claim", "lock_suspects");
    private static readonly Sql CountSuspects = Sql.Of("claim", "count_suspects");
    private static readonly Sql TakeJobs = Sql.Of("claim", "take");
    private static readonly Sql UsePermits = Sql.Of("claim", "use_permits");
    private static readonly Sql ReadJobs = Sql.Of("claim", "read");

    private static readonly ClaimOutcome Nothing = new([], null);

    private readonly Dictionary<long, ShelfMarks.Mark> _marks = database.Marks.Begin();
    private readonly List<Picked> _picked = [];

    // Where jobs that are not due yet may lie behind those that were taken: only what lies first now tells.
    private readonly List<Shelf> _behind = [];
    private Dictionary<string, QueueRoom> _rooms = [];
    private int _suspects;
    private DateTimeOffset? _nextDue;

    public async ValueTask<ClaimOutcome> RunAsync()
    {
        try
        {
            var outcome = await ClaimAsync();
            foreach (var shelf in _picked.GroupBy(job => job.Shelf))
            {
                var (dueAt, sequence) = shelf.Max(job => (job.DueAt, job.Sequence));
                database.Marks.Took(shelf.Key, new ShelfMarks.Mark(dueAt, sequence), request.AsOf);
            }

            return outcome;
        }
        catch (StorageException)
        {
            database.Marks.Forget(_picked.Select(job => job.Shelf));
            throw;
        }
    }

    private async ValueTask<ClaimOutcome> ClaimAsync()
    {
        await using var session = await line.OpenAsync();
        var whole = new WholeClaim(request, ofShelf);
        if (whole.IsPossible && await whole.TryAsync(session, _marks) is { } done)
        {
            _picked.AddRange(done.Picked);
            return done.Outcome;
        }

        // Within the transaction that will take something: a round trip less, where there is something.
        var (shelves, isThere) = await BeginAsync(session);
        if (!shelves.Exists(shelf => shelf.DueAt <= request.AsOf.UtcTicks))
        {
            foreach (var queue in request.Queues) Expect(shelves.FindAll(shelf => shelf.Queue == queue.Queue));
            return new ClaimOutcome([], _nextDue);
        }

        if (!isThere) return Nothing;
        if (request.SuspectLimit > 0 && shelves.Exists(shelf => shelf.IsOfSuspects && shelf.DueAt <= request.AsOf.UtcTicks)) await CountSuspectsAsync(session);
        foreach (var queue in request.Queues) await ClaimFromAsync(session, queue, shelves.FindAll(shelf => shelf.Queue == queue.Queue));
        if (_picked.Count > 0) return new ClaimOutcome(await TakeAsync(session), _nextDue);
        if (_behind.Count > 0) Expect(await ShelfPick.LookBehindAsync(session, _behind, request.AsOf));
        return new ClaimOutcome([], _nextDue);
    }

    private void AddLook(Batch batch)
    {
        var wanted = request.Queues.SelectMany(queue => queue.Types.Select(type => (queue.Queue, Type: type))).Distinct().ToList();
        batch.Add(Look).With(wanted.Select(one => one.Queue)).With(wanted.Select(one => one.Type)).With(request.Tenant)
            .With(_marks.Keys).With(_marks.Values.Select(mark => mark.DueAt)).With(_marks.Values.Select(mark => mark.Sequence));
    }

    private ValueTask<List<Shelf>> ReadLookAsync(Results results) => results.ListAsync(row => FromItsMark(new Shelf(row.Text(), row.Int64(), row.Int64())));

    private Shelf FromItsMark(Shelf shelf)
    {
        if (_marks.TryGetValue(shelf.Number, out var mark)) shelf.After = (mark.DueAt, mark.Sequence);
        return shelf;
    }

    /// <summary>Begins the transaction: the session must be there, and what is limited is locked before it is counted.</summary>
    private async ValueTask<(List<Shelf> Shelves, bool IsThere)> BeginAsync(Session session)
    {
        var queues = request.Queues.Select(queue => queue.Queue).Distinct().ToList();
        var batch = session.BeginBatch();
        AddLook(batch);
        batch.Add(SessionExists).With(request.Session.Value);
        batch.Add(LockLimited).With(queues);
        batch.Add(Limits).With(queues);
        return await session.RunAsync(batch, async results =>
        {
            var shelves = await ReadLookAsync(results);
            var isThere = (await results.SkipAsync()).Count > 0;
            await results.SkipAsync();
            _rooms = (await results.ListAsync(row => QueueRoom.Read(row, request.AsOf))).ToDictionary(room => room.Name, StringComparer.Ordinal);
            return (shelves, isThere);
        });
    }

    private async ValueTask CountSuspectsAsync(Session session)
    {
        var batch = session.NewBatch();
        batch.Add(LockSuspects);
        batch.Add(CountSuspects);
        _suspects = await session.RunAsync(batch, async results =>
        {
            await results.SkipAsync();
            return (int)Math.Max(0, request.SuspectLimit - await results.FirstAsync(row => row.Int64()));
        });
    }

    private async ValueTask ClaimFromAsync(Session session, QueueClaim queue, List<Shelf> shelves)
    {
        var wanted = Math.Min(queue.Limit, request.Limit - _picked.Count);
        var room = _rooms.GetValueOrDefault(queue.Queue);
        var limit = room?.Most(wanted) ?? wanted;
        if (limit <= 0) return;

        var before = _picked.Count;
        foreach (var priority in Enumerable.Range(0, HighestPriority + 1).Reverse().Prepend(queue.FirstPriority).Distinct())
        {
            var level = shelves.FindAll(shelf => shelf.Priority == priority && shelf.DueAt <= request.AsOf.UtcTicks);
            await PickAsync(session, level, before + limit);
        }

        room?.Use(_picked.Count - before);

        // What comes next is of interest only to a session that was left wanting.
        if (_picked.Count - before >= limit) return;
        if (shelves.TrueForAll(shelf => shelf.DueAt > request.AsOf.UtcTicks)) Expect(shelves);
        else _behind.AddRange(shelves);
    }

    private async ValueTask PickAsync(Session session, List<Shelf> level, int until)
    {
        while (_picked.Count < until)
        {
            var open = level.FindAll(shelf => !shelf.IsEmpty && (!shelf.IsOfSuspects || _suspects > 0));
            if (open.Count == 0) return;
            foreach (var job in await new ShelfPick(open, until - _picked.Count, _suspects, request.AsOf).RunAsync(session))
            {
                if (_picked.Count == until) return;
                if (Lanes.IsOfSuspects(job.Shelf) && _suspects-- <= 0) continue;
                _picked.Add(job);
            }
        }
    }

    private void Expect(List<Shelf> shelves)
    {
        foreach (var ticks in shelves.Select(shelf => shelf.DueAt).Where(ticks => ticks > request.AsOf.UtcTicks))
        {
            var due = new DateTimeOffset(ticks, TimeSpan.Zero);
            if (!(due >= _nextDue)) _nextDue = due;
        }
    }

    private async ValueTask<IReadOnlyList<ClaimedJob>> TakeAsync(Session session)
    {
        var batch = session.NewBatch();
        batch.Add(TakeJobs).With(_picked.Select(job => job.Slot)).With(_picked.Select(job => job.Sequence)).With(request.Session.Value).With(request.AsOf);
        batch.Add(ReadJobs).With(_picked.Select(job => job.Sequence));
        var counts = new LaneCounts();
        foreach (var job in _picked)
        {
            counts.Count(Lanes.LaneOf(job.Shelf), JobState.Queued, -1);
            counts.Count(Lanes.LaneOf(job.Shelf), JobState.Running, +1);
        }

        counts.AddTo(batch);
        foreach (var room in _rooms.Values.Where(room => room.Rate is not null))
        {
            batch.Add(UsePermits).With(room.Name).With((double?)room.Permits).With(request.AsOf);
        }

        if (_behind.Count > 0) ShelfPick.AddLookBehind(batch, _behind, request.AsOf);
        var jobs = await session.CommitAsync(batch, async results =>
        {
            var taken = await results.ListAsync(Read);
            if (_behind.Count > 0) Expect(await ShelfPick.ReadBehindAsync(results));
            return taken;
        });
        var bySequence = jobs.ToDictionary(job => job.Head.Sequence);
        return [.. _picked.Select(job => bySequence[job.Sequence])];
    }

    private static ClaimedJob Read(Row row) => new(HeadRow.Read(row), DetailsRow.Read(row), InputRow.Read(row));
}

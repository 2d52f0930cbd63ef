namespace Errand.Storage.PostgreSql;

/// <summary>
/// Turns the tables of a store that had no ranges into such, while it runs. The table as it was becomes the range of all that came before, which takes no more
/// than a moment's lock, once the server has looked, beside everything else, that it holds nothing beyond; the sequence then goes on beyond.
/// </summary>
internal sealed class RangeBeginning(Database database, TimeProvider time)
{
    /// <summary>
    /// The first range begins so far on: until it does, no job may get there, for the old table would refuse it, whichever release writes it and however
    /// long nobody comes to finish. At ten thousand jobs a second that is three years.
    /// </summary>
    private const long Distance = 1L << 40;

    private static readonly Sql Keep = Sql.Of("ranges", "keep");
    private static readonly Sql BeQuick = Sql.Of("transaction", "be_quick");
    private static readonly Sql Local = Sql.Of("transaction", "local");
    private static readonly Sql HasJobs = Sql.Of("ranges", "has_jobs");
    private static readonly Sql IsEmpty = Sql.Of("parts", "is_empty");
    private static readonly Sql Save = Sql.Of("ranges", "save");
    private static readonly Sql Lock = Sql.Of("parts", "lock");
    private static readonly Sql Bound = Sql.Of("parts", "bound");
    private static readonly Sql Validate = Sql.Of("parts", "validate");
    private static readonly Sql GoTo = Sql.Of("ranges", "go_to");

    private static readonly Sql[] Begin = Of("step_aside", "begin_ranges", "attach_rest");
    private static readonly Sql[] BeginAfter = Of("step_aside_old", "begin_ranges_after", "attach_old", "unbound", "make_rest");

    private readonly LockTries _tries = new(time);

    /// <summary>The next step of each table that does not lie in ranges yet.</summary>
    public async ValueTask PassAsync(RangeState state)
    {
        if (!_tries.MayTry) return;
        try
        {
            for (var i = 0; i < JobRange.Tables.Count; i++)
            {
                if (!state.Tables[i].IsRanged) await StepAsync(JobRange.Tables[i], i);
            }

            _tries.Succeeded();
        }
        catch (StorageException exception) when (LockTries.IsRefusal(exception))
        {
            _tries.Refused();
        }
    }

    /// <summary>New jobs go beyond what was there before.</summary>
    public async ValueTask LeaveOldAsync(RangeState state)
    {
        if (state.Ranges is not [{ First: JobRange.Old, FilledAt: null } old, ..] || state.Last >= old.Until - 1) return;
        await database.CommitAsync(batch => batch.Add(GoTo).With(old.Until - 1));
    }

    private async ValueTask StepAsync(string table, int place)
    {
        await using var session = await database.OpenAsync();
        var batch = session.BeginBatch();
        batch.Add(BeQuick);
        batch.Add(Keep);
        RangeState.Ask(batch);
        batch.Add(HasJobs);
        var (mine, state, hasJobs) = await session.RunAsync(
            batch, async results => ((await results.ListAsync(row => row.Bool())).Count > 0, await RangeState.ReadAsync(results), await results.FirstAsync(row => row.Bool())));
        if (!mine || state.Tables[place].IsRanged) return;
        var old = state.Ranges.FirstOrDefault(range => range.First == JobRange.Old);
        if (old is null && !hasJobs && await BeginEmptyAsync(session, table)) return;
        switch (state.Tables[place].Bound)
        {
            case < 0:
                await BoundAsync(session, table, old, state.Last);
                break;
            case 0:
                await ValidateAsync(session, table, old!);
                break;
            default:
                await BeginAfterAsync(session, table, old!);
                break;
        }
    }

    /// <summary>False when the table holds something.</summary>
    private static async ValueTask<bool> BeginEmptyAsync(Session session, string table)
    {
        var none = new JobRange(JobRange.Old, 0);
        var look = session.NewBatch();
        look.AddOnce(none.On(Lock, table));
        look.AddOnce(none.On(IsEmpty, table));
        if (!await session.RunAsync(look, results => results.FirstAsync(row => row.Bool()))) return false;
        var rest = session.NewBatch();
        rest.Add(Local);
        foreach (var statement in Begin) rest.AddOnce(none.On(statement, table));
        return await session.CommitAsync(rest);
    }

    /// <summary>From here on the table takes nothing that belongs beyond; what it has is looked at in the next step.</summary>
    private static async ValueTask BoundAsync(Session session, string table, JobRange? old, long last)
    {
        var rest = session.NewBatch();
        var range = old ?? new JobRange(JobRange.Old, last + Distance);
        if (old is null) rest.Add(Save).With(range.First).With(range.Until).With(true);
        rest.AddOnce(range.On(Bound, table));
        await session.CommitAsync(rest);
    }

    /// <summary>Reads the whole table, beside all who read and write it.</summary>
    private static async ValueTask ValidateAsync(Session session, string table, JobRange old)
    {
        var look = session.NewBatch();
        look.Npgsql.Timeout = 0;
        look.AddOnce(old.On(Validate, table));
        await session.RunAsync(look, static _ => new ValueTask<bool>(true));
        await session.CommitAsync(session.NewBatch());
    }

    private static async ValueTask BeginAfterAsync(Session session, string table, JobRange old)
    {
        var rest = session.NewBatch();
        rest.Add(Local);
        rest.AddOnce(old.On(Lock, table));
        foreach (var statement in BeginAfter) rest.AddOnce(old.On(statement, table));
        await session.CommitAsync(rest);
    }

    private static Sql[] Of(params string[] names) => Array.ConvertAll(names, name => Sql.Of("parts", name));
}

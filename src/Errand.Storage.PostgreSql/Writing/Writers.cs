namespace Errand.Storage.PostgreSql;

/// <summary>What is drained in groups, each kind beside the others on a connection of its own.</summary>
internal sealed class Writers : IAsyncDisposable
{
    private const int LookupsAtOnce = 4;

    private readonly Line[] _lines;

    public Writers(Database database)
    {
        _lines = [new(database), new(database), new(database)];
        Submits = new(new SubmitGroup(database, _lines[0], new SubmitWrites(database, new Touch())).RunAsync, database.Faults.Closed);
        Changes = new(new ChangeGroup(database, _lines[1], new Touch()).RunAsync, database.Faults.Closed);
        Claims = new(new ClaimGroup(database, _lines[2]).RunAsync, database.Faults.Closed);
        Lookups = new(asked => FindAsync(database, asked), database.Faults.Closed, LookupsAtOnce);
    }

    public GroupWriter<JobBatch, BatchOutcome> Submits { get; }

    public GroupWriter<IReadOnlyList<JobChange>, IReadOnlyList<ChangeOutcome>> Changes { get; }

    /// <summary>Claims of one node come one after the other: they would only skip each other's rows.</summary>
    public GroupWriter<ClaimRequest, ClaimOutcome> Claims { get; }

    public GroupWriter<LookupAsked, JobLookup> Lookups { get; }

    public async ValueTask DisposeAsync()
    {
        await Submits.DisposeAsync();
        await Changes.DisposeAsync();
        await Claims.DisposeAsync();
        await Lookups.DisposeAsync();
        foreach (var line in _lines) await line.DisposeAsync();
    }

    private static async ValueTask<JobLookup[]> FindAsync(Database database, IReadOnlyList<LookupAsked> asked)
    {
        await database.Fence.PassAsync();
        return await Lookup.FindAsync(database, asked);
    }
}

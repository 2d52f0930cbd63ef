namespace Errand.Storage.PostgreSql;

/// <summary>
/// Tables of few rows that are written again and again. While an old snapshot is held their dead rows stay, and whoever reads them walks over all of
/// those; so a table that has grown is written anew, in one transaction that empties it and puts its rows back.
/// </summary>
internal sealed class SmallTables(Database database, TimeProvider time)
{
    private const long GrownAt = 64 * 1024;
    private const int GrownTimes = 4;

    private static readonly string[] Names = ["lane_counts", "queues", "sessions", "nodes", "touches", "output_bytes", "ring"];
    private static readonly Sql Sizes = Sql.Of("ring", "small_sizes");
    private static readonly Dictionary<string, Sql> Rewrites = Names.ToDictionary(
        name => name, name => name == "lane_counts" ? Sql.Of("empty", "rewrite_counts") : Sql.Of("empty", "rewrite").OnTable("queues", name), StringComparer.Ordinal);

    private static readonly Sql Local = Sql.Of("transaction", "local");

    private readonly Dictionary<string, long> _smallest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LockTries> _tries = Names.ToDictionary(name => name, _ => new LockTries(time), StringComparer.Ordinal);

    public async ValueTask PassAsync()
    {
        var sizes = await database.ReadAsync(batch => batch.Add(Sizes).With(Names), results => results.ListAsync(row => (Name: row.Text(), Bytes: row.Int64())));
        foreach (var (name, bytes) in sizes)
        {
            if (bytes >= Math.Max(GrownAt, GrownTimes * _smallest.GetValueOrDefault(name)) && _tries[name].MayTry) await RewriteAsync(name);
        }
    }

    private async ValueTask RewriteAsync(string name)
    {
        try
        {
            _smallest[name] = await database.CommitAsync(
                batch =>
                {
                    batch.Add(Local);
                    batch.Add(Rewrites[name]);
                    batch.Add(Sizes).With([name]);
                },
                async results =>
                {
                    await results.SkipAsync();
                    return await results.FirstAsync(row => row.Text().Length > 0 ? row.Int64() : 0);
                });
            _tries[name].Succeeded();
        }
        catch (StorageException exception)
        {
            _tries[name].Refused();
            if (!LockTries.IsRefusal(exception)) throw;
        }
    }
}

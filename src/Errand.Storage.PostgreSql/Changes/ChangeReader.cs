namespace Errand.Storage.PostgreSql;

/// <summary>
/// Finds what changed by looking, again and again, at the jobs of the last seconds: new ones by their sequence, finished and changed ones by their
/// time, claimed ones because they are few. No statement of a worker writes anything for it.
/// </summary>
internal sealed class ChangeReader(Database database, string tenant, DateTimeOffset since, TimeProvider time) : IChangeReader
{
    private const int HeadsAtOnce = 1_000;

    private static readonly Sql Moment = Sql.Of("changes", "moment");
    private static readonly Sql Changed = Sql.Of("changes", "changed");
    private static readonly Sql Heads = Sql.Of("changes", "heads");

    private readonly ChangeWindow _window = new();
    private Dictionary<long, long> _told = [];
    private bool _begun;

    public async ValueTask<IReadOnlyList<JobHead>> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var at = time.GetUtcNow();
        var moment = await database.ReadAsync(batch => batch.Add(Moment), results => results.FirstAsync(row => new ChangeMark(at, row.Int64(), row.Int64(), row.Int64())));
        var from = _window.Begin(moment);
        var seen = await SeenAsync(from);
        var fresh = seen.Where(job => !_told.TryGetValue(job.Key, out var version) || version < job.Value).Select(job => job.Key).ToList();
        var heads = new List<JobHead>(fresh.Count);
        foreach (var some in fresh.Chunk(HeadsAtOnce))
        {
            heads.AddRange(await database.ReadAsync(batch => batch.Add(Heads).With(some), results => results.ListAsync(HeadRow.Read)));
        }

        foreach (var head in heads) seen[head.Sequence] = Math.Max(seen[head.Sequence], head.Version);
        _told = seen;
        _window.Took(moment);
        heads.RemoveAll(head => head.Tenant != tenant || (!_begun && head.UpdatedAt < since));
        _begun = true;
        return heads;
    }

    /// <summary>The jobs that may have changed, by sequence, with the newest version that says so.</summary>
    private async ValueTask<Dictionary<long, long>> SeenAsync(ChangeMark from)
    {
        var rows = await database.ReadAsync(
            batch => batch.Add(Changed).With(tenant).With(from.Sequence).With(from.At), results => results.ListAsync(row => (Sequence: row.Int64(), Version: row.Int64())));
        var seen = new Dictionary<long, long>(rows.Count);
        foreach (var (sequence, version) in rows) seen[sequence] = Math.Max(version, seen.GetValueOrDefault(sequence));
        return seen;
    }
}

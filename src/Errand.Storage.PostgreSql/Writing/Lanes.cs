using System.Collections.Concurrent;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// Tenant, queue and type of a job are one small number, its lane. Rows of lanes are never changed, so that what a node has read once holds.
/// </summary>
internal sealed class Lanes(Database database)
{
    public const int ShelvesPerLane = 20;

    private static readonly Sql Add = Sql.Of("ledger", "add_lanes");
    private static readonly Sql Find = Sql.Of("ledger", "find_lanes");

    private readonly ConcurrentDictionary<LaneName, int> _known = new();

    public int this[JobHead head] => _known[LaneName.Of(head)];

    /// <summary>Where a waiting job lies: its lane, its priority, and apart if it lost a worker before.</summary>
    public long ShelfOf(JobHead head) => ShelfOf(this[head], head.Priority, head.Losses > 0);

    public static long ShelfOf(int lane, int priority, bool isOfSuspects) => ((long)lane * ShelvesPerLane) + (priority * 2) + (isOfSuspects ? 1 : 0);

    public static int LaneOf(long shelf) => (int)(shelf / ShelvesPerLane);

    public static int PriorityOf(long shelf) => (int)(shelf % ShelvesPerLane) / 2;

    public static bool IsOfSuspects(long shelf) => shelf % 2 == 1;

    /// <summary>Makes the lanes of these jobs known, in a transaction of its own: a lane that no job lies in does no harm.</summary>
    public async ValueTask EnsureAsync(IEnumerable<JobHead> heads)
    {
        var missing = heads.Select(LaneName.Of).Where(name => !_known.ContainsKey(name)).Distinct()
            .OrderBy(name => $"{name.Queue}\n{name.Type}\n{name.Tenant}", StringComparer.Ordinal).ToList();
        if (missing.Count == 0) return;
        await database.CommitAsync(batch => Bind(batch.Add(Add), missing));
        var found = await database.ReadAsync(
            batch => Bind(batch.Add(Find), missing),
            results => results.ListAsync(row => (Id: row.Int32(), Name: new LaneName(row.Text(), row.Text(), row.Text()))));
        foreach (var (id, name) in found) _known[name] = id;
    }

    private static void Bind(Call call, List<LaneName> names) =>
        call.With(names.Select(name => name.Tenant)).With(names.Select(name => name.Queue)).With(names.Select(name => name.Type));

    private readonly record struct LaneName(string Tenant, string Queue, string Type)
    {
        public static LaneName Of(JobHead head) => new(head.Tenant, head.Queue, head.Type);
    }
}

namespace Errand.Storage.Sqlite;

/// <summary>
/// Finds old tombstones by walking the table a stretch at a time, round and round: an index by time would double the size of each.
/// </summary>
internal sealed class TombstoneWalk
{
    private const int RowsPerWanted = 20;

    private static readonly Sql Walk = Sql.Of("retention", "walk_tombstones");
    private static readonly Sql Delete = Sql.Of("retention", "delete_tombstone");

    private readonly Lock _gate = new();
    private (Guid Id, long Tenant) _place;

    public IReadOnlyList<(Guid Id, long Tenant)> FindBefore(Connection db, DateTimeOffset before, int limit)
    {
        lock (_gate)
        {
            var old = new List<(Guid Id, long Tenant)>();
            var rest = Math.Max(limit, 1) * (long)RowsPerWanted;
            if (_place != default && WalkOn(db, before, limit, old, ref rest)) _place = default;
            if (_place == default && WalkOn(db, before, limit, old, ref rest)) _place = default;
            return old;
        }
    }

    public static int Remove(Connection db, IReadOnlyList<(Guid Id, long Tenant)> tombstones) =>
        tombstones.Sum(tombstone => db.Run(Delete, delete => delete.Bind(tombstone.Id).Bind(tombstone.Tenant)));

    /// <summary>True when the end of the table was reached.</summary>
    private bool WalkOn(Connection db, DateTimeOffset before, int limit, List<(Guid Id, long Tenant)> old, ref long rest)
    {
        using var walk = db.Use(Walk);
        walk.Bind(_place.Id).Bind(_place.Tenant);
        while (rest > 0 && old.Count < limit)
        {
            if (!walk.Step()) return true;
            rest--;
            _place = (walk.Guid(), walk.Int64());
            if (walk.Time() < before && !old.Contains(_place)) old.Add(_place);
        }

        return false;
    }
}

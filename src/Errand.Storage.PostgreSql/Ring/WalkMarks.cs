namespace Errand.Storage.PostgreSql;

/// <summary>Where the sweeps of a node walk from.</summary>
internal sealed class WalkMarks(TimeProvider time)
{
    /// <summary>The tables that are walked along a time, in the order of <see cref="See"/>.</summary>
    public static IReadOnlyList<string> Tables { get; } = ["finished", "idempotency", "tombstones"];

    public WalkMark Finished { get; } = new(time);

    public WalkMark Requests { get; } = new(time);

    public WalkMark Tombstones { get; } = new(time);

    /// <summary>How many dead rows each table has.</summary>
    public void See(IReadOnlyList<long> dead)
    {
        Finished.See(dead[0]);
        Requests.See(dead[1]);
        Tombstones.See(dead[2]);
    }
}

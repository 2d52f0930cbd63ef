namespace Errand.Storage.Sqlite;

/// <summary>
/// The jobs of one tenant, queue and type. Its counts are exact: they change with the rows and are saved in the same transaction. What
/// waits is counted by shelf too, that is by priority, suspects apart, so that a claim looks only where there is something.
/// </summary>
internal sealed class Lane(int number, int tenant, string tenantName, string queue, string type)
{
    private const int ShelvesPerLane = 20;

    private readonly long[] _byState = new long[6];
    private readonly long[] _byShelf = new long[ShelvesPerLane];

    public int Number => number;

    public int Tenant => tenant;

    public string TenantName => tenantName;

    public string Queue => queue;

    public string Type => type;

    public long Claimed => _byState[(int)JobState.Running] + _byState[(int)JobState.Canceling];

    public long CountOf(JobState state) => _byState[(int)state];

    public long WaitingOn(int priority, bool suspects) => _byShelf[ShelfInLane(priority, suspects)];

    public void LoadState(JobState state, long jobs) => _byState[(int)state] = jobs;

    public void LoadShelf(long shelf, long jobs) => _byShelf[shelf % ShelvesPerLane] = jobs;

    public static int LaneOfShelf(long shelf) => (int)(shelf / ShelvesPerLane);

    public long Shelf(int priority, bool suspects) => (number * (long)ShelvesPerLane) + ShelfInLane(priority, suspects);

    public long? ShelfOf(JobHead head) => head.State is JobState.Queued ? Shelf(head.Priority, head.Losses > 0) : null;

    public void Count(JobState state, int priority, bool suspects, int change)
    {
        _byState[(int)state] += change;
        if (state is JobState.Queued) _byShelf[ShelfInLane(priority, suspects)] += change;
    }

    private static int ShelfInLane(int priority, bool suspects) => (priority * 2) + (suspects ? 1 : 0);
}

namespace Errand.Storage.PostgreSql;

/// <summary>Where jobs of one tenant, queue, type and priority wait, suspects apart.</summary>
internal sealed class Shelf(string queue, long number, long dueAt)
{
    public string Queue => queue;

    public long Number => number;

    /// <summary>When its first job is due.</summary>
    public long DueAt => dueAt;

    public int Lane => Lanes.LaneOf(number);

    public int Priority => Lanes.PriorityOf(number);

    public bool IsOfSuspects => Lanes.IsOfSuspects(number);

    /// <summary>The last job that was taken from it: the next pick goes on after it.</summary>
    public (long DueAt, long Sequence) After { get; set; } = (long.MinValue, 0);

    public bool IsEmpty { get; set; }
}

/// <summary>A job that a claim holds locked.</summary>
internal readonly record struct Picked(long Shelf, short Slot, long Sequence, long DueAt);

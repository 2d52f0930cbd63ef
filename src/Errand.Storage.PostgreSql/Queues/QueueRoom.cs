namespace Errand.Storage.PostgreSql;

/// <summary>How many more jobs of a queue may start, on all nodes together: pause, limit and rate, read under a lock of the queue's row.</summary>
internal sealed class QueueRoom
{
    private const double CapacityInSeconds = 0.1;

    private double _permits;

    private QueueRoom(string name, bool paused, long? free, double? rate, double permits) =>
        (Name, IsPaused, Free, Rate, _permits) = (name, paused, free, rate, permits);

    public string Name { get; }

    public bool IsPaused { get; }

    public long? Free { get; }

    public double? Rate { get; }

    public double Permits => _permits;

    public int Most(int wanted)
    {
        if (IsPaused) return 0;
        var most = Free is { } free ? (int)Math.Clamp(free, 0, wanted) : wanted;
        return Rate is null ? most : Math.Min(most, (int)_permits);
    }

    public void Use(int jobs) => _permits -= jobs;

    /// <summary>Reads a row of <c>limits</c>; the permits are filled up to now. They hold a tenth of a second's worth, at least one.</summary>
    public static QueueRoom Read(Row row, DateTimeOffset asOf)
    {
        var (name, paused, most, rate) = (row.Text(), row.Bool(), row.Int32OrNull(), row.DoubleOrNull());
        var (permits, filledAt, running) = (row.DoubleOrNull() ?? 0, row.Int64(), row.Int64());
        if (rate is { } perSecond)
        {
            var passed = TimeSpan.FromTicks(Math.Clamp(asOf.UtcTicks - filledAt, 0, TimeSpan.TicksPerHour)).TotalSeconds;
            permits = Math.Min(Math.Max(1, perSecond * CapacityInSeconds), permits + (passed * perSecond));
        }

        return new QueueRoom(name, paused, most - running, rate, permits);
    }
}

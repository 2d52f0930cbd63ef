namespace Errand.Storage.PostgreSql;

/// <summary>
/// The wall clock of the store, for nodes whose own clocks differ: an expiry that one node wrote is compared by another. Durations, time-outs
/// and timers stay local and monotonic.
/// </summary>
/// <param name="local">This machine's clock.</param>
public sealed class StorageClock(TimeProvider local) : TimeProvider
{
    private long _offset;

    /// <summary>How far the store's clock is ahead of this machine's.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Volatile.Read(ref _offset));

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => local.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => local.TimestampFrequency;

    /// <summary>
    /// Takes note of what the store's clock said between two instants of this machine's monotonic one. What lies within the uncertainty of the
    /// round trip moves nothing, so that the clock does not tremble.
    /// </summary>
    /// <param name="storageNow">What the store said.</param>
    /// <param name="asked">The time stamp taken before it was asked.</param>
    public void Observe(DateTimeOffset storageNow, long asked)
    {
        var trip = local.GetElapsedTime(asked);
        var offset = storageNow + (trip / 2) - local.GetUtcNow();
        if ((offset - Offset).Duration() > trip / 2) Volatile.Write(ref _offset, offset.Ticks);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => local.GetUtcNow() + Offset;

    /// <inheritdoc/>
    public override long GetTimestamp() => local.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        local.CreateTimer(callback, state, dueTime, period);
}

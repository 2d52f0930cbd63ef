namespace Errand.Storage.PostgreSql.Tests;

/// <summary>Nodes with different clocks agree on the store's.</summary>
public sealed class StorageClockTests
{
    [Fact]
    public void The_clock_follows_the_store_and_ignores_what_a_round_trip_blurs()
    {
        var local = TimeProvider.System;
        var clock = new StorageClock(local);

        clock.Observe(local.GetUtcNow().AddMinutes(7), local.GetTimestamp());
        var ahead = clock.Offset;
        var longAgo = local.GetTimestamp() - (local.TimestampFrequency * 10);
        clock.Observe(local.GetUtcNow().AddMinutes(7).AddSeconds(-4), longAgo);

        Assert.InRange(ahead, TimeSpan.FromMinutes(6.9), TimeSpan.FromMinutes(7.1));
        Assert.Equal(ahead, clock.Offset);
        Assert.InRange(clock.GetUtcNow() - local.GetUtcNow(), TimeSpan.FromMinutes(6.9), TimeSpan.FromMinutes(7.1));
    }
}

using Errand.Client.Waiting;

namespace Errand.Client.Tests;

public sealed class PaceTests
{
    [Fact]
    public void Pauses_grow_to_fifteen_seconds_and_never_fall_below_a_half()
    {
        var random = new Random(7);
        var pace = new Pace(random.NextDouble);
        var pauses = Enumerable.Range(0, 1000).Select(_ => pace.Next().TotalSeconds).ToArray();
        Assert.All(pauses, pause => Assert.InRange(pause, 0.5, 15));
        Assert.True(pauses[0] <= 1.5);
        Assert.Contains(15, pauses);
        Assert.True(pauses.Distinct().Count() > 500, "clients that began together must not stay together");
    }

    [Fact]
    public void News_begin_again_with_short_pauses()
    {
        var pace = new Pace(() => 0.999);
        for (var i = 0; i < 10; i++) pace.Next();
        pace.Reset();
        Assert.True(pace.Next() < TimeSpan.FromSeconds(1.51));
    }
}

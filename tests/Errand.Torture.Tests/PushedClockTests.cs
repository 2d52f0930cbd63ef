using Errand.Torture.Processes;

namespace Errand.Torture.Tests;

public sealed class PushedClockTests
{
    [Fact]
    public void Who_has_the_file_pushes_the_clock_of_the_other()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("errand-clock-").FullName, "clock");
        using var mine = new PushedClock(path);
        using var theirs = new PushedClock(path);
        mine.Offset = TimeSpan.FromDays(-3);

        var behind = TimeProvider.System.GetUtcNow() - theirs.GetUtcNow();

        Assert.InRange(behind, TimeSpan.FromDays(3) - TimeSpan.FromMinutes(1), TimeSpan.FromDays(3) + TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromDays(-3), theirs.Offset);
        Assert.Equal(TimeProvider.System.TimestampFrequency, theirs.TimestampFrequency);
    }
}

namespace Errand.EndToEnd.Tests;

/// <summary>Waiting on other processes, which no fake clock moves.</summary>
internal static class Wait
{
    public static Task For(TimeSpan time) => Task.Delay(time, TimeProvider.System);

    /// <summary>Asks every 50 ms until the answer is yes; fails with the last words of <paramref name="otherwise"/>.</summary>
    public static async Task UntilAsync(Func<Task<bool>> yes, TimeSpan patience, Func<string> otherwise)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await yes())
        {
            if (TimeProvider.System.GetElapsedTime(started) > patience) Assert.Fail($"not within {patience}: {otherwise()}");
            await For(TimeSpan.FromMilliseconds(50));
        }
    }
}

namespace Errand.Cli.Tests;

/// <summary>Waits for what another process or thread brings about; how soon it must come is a matter of tests on a clock of their own.</summary>
internal static class Wait
{
    private const int Patience = 60;

    public static async Task UntilAsync(Func<Task<bool>> happened)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await happened())
        {
            if (TimeProvider.System.GetElapsedTime(begun).TotalSeconds > Patience) throw new TimeoutException(
                $"It did not happen within {Patience} seconds.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}

namespace Errand.Cli.Tests;

/// <summary>Waits for what another process or thread brings about.</summary>
internal static class Wait
{
    public static async Task UntilAsync(Func<Task<bool>> happened, int seconds = 20)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await happened())
        {
            if (TimeProvider.System.GetElapsedTime(begun).TotalSeconds > seconds) throw new TimeoutException(
                $"It did not happen within {seconds} seconds.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}

namespace Errand.Storage.Sqlite.Tests;

/// <summary>What a session cannot run costs its claims nothing.</summary>
public sealed class ClaimCostTests : IDisposable
{
    private const int Unclaimable = 200_000;
    private const int Claims = 400;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Due_jobs_of_types_that_nobody_here_runs_do_not_slow_a_claim()
    {
        await using var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = _folder.Path });
        await storage.Schema.MigrateAsync(Noon, default);
        var bench = await Workbench.OpenAsync(storage, Noon);
        await bench.SubmitAsync(Claims * 4);
        await MeasureAsync(bench);
        var empty = Math.Min(await MeasureAsync(bench), await MeasureAsync(bench));
        await bench.SubmitAsync(Unclaimable, type: "elsewhere");
        await bench.SubmitAsync(Claims * 2);

        var behind = Math.Min(await MeasureAsync(bench), await MeasureAsync(bench));

        // The floor keeps the noise of a busy machine out: a scan of what is in the way would take tens of milliseconds.
        Assert.True(
            behind <= Math.Max(2 * empty, 5_000),
            $"the 99th percentile of a claim is {behind} us behind {Unclaimable} jobs, and {empty} us without");
    }

    /// <summary>The 99th percentile of single claims, in microseconds.</summary>
    private static async Task<double> MeasureAsync(Workbench bench)
    {
        var times = new List<double>(Claims);
        for (var i = 0; i < Claims; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            Assert.Single((await bench.ClaimAsync(1)).Jobs);
            times.Add(TimeProvider.System.GetElapsedTime(start).TotalMicroseconds);
        }

        return times.Order().ElementAt(Claims * 99 / 100);
    }
}

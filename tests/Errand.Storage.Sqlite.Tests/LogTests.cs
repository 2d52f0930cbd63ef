namespace Errand.Storage.Sqlite.Tests;

/// <summary>The log under steady writing.</summary>
public sealed class LogTests : IDisposable
{
    private const int Calls = 20;
    private const int BytesPerCall = 8 * 1024 * 1024;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_log_begins_anew_though_the_writer_never_rests()
    {
        await using (var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = _folder.Path }))
        {
            await storage.Schema.MigrateAsync(Noon, default);
            var bench = await Workbench.OpenAsync(storage, Noon);
            for (var call = 0; call < Calls; call++) await bench.SubmitAsync(count: 128, inputBytes: BytesPerCall / 128);

            var log = (await storage.Schema.CheckAsync(default)).Figures["wal_bytes"];
            Assert.True(log < Calls * (long)BytesPerCall, $"the log has {log} bytes, and {Calls * (long)BytesPerCall} were written");
        }

        Assert.False(File.Exists(Path.Combine(_folder.Path, "errand.db-wal")), "a store that was closed leaves no log behind");
    }

    [Fact]
    public async Task A_log_that_a_reader_holds_is_told_and_cut_when_the_reader_ends()
    {
        var sizes = new LogSizes(Copy: 256 << 10, BeginAnew: 512 << 10, Long: 1 << 20);
        await using var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = _folder.Path, LogSizes = sizes });
        await storage.Schema.MigrateAsync(Noon, default);
        var bench = await Workbench.OpenAsync(storage, Noon);
        using (var reader = Connection.Open(Path.Combine(_folder.Path, "errand.db"), readOnly: true, ""))
        {
            reader.Execute("BEGIN; SELECT count(*) FROM jobs;");

            Assert.Equal(1, await bench.SubmitAsync(1, inputBytes: 3 << 20));
            Assert.Equal(1, await bench.SubmitAsync(1));

            var held = await storage.Schema.CheckAsync(default);
            Assert.Equal((StorageStatus.Degraded, true), (held.Status, held.AcceptsSubmits));
            Assert.Contains("or a reader holds it", Assert.Single(held.Reasons), StringComparison.Ordinal);
            Assert.True(held.Figures["wal_bytes"] > sizes.Long);
        }

        // Each look writes enough for the keeper of the log to look, too, on a thread of its own.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        var looks = 1;
        while ((await storage.Schema.CheckAsync(limit.Token)).Status is not StorageStatus.Healthy)
        {
            Assert.Equal(1, await bench.SubmitAsync(1, inputBytes: (int)sizes.Copy));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
            looks++;
        }

        Assert.Equal(1 + looks, (await storage.Catalog.CountAsync("default", default)).Sum(count => count.Jobs));
    }
}

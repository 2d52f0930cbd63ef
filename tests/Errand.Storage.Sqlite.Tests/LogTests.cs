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
}

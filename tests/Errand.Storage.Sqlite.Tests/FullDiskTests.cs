namespace Errand.Storage.Sqlite.Tests;

/// <summary>A disk without room refuses what is new and still takes what ends something.</summary>
public sealed class FullDiskTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task When_the_disk_is_full_submits_are_refused_and_settles_still_fit()
    {
        Assert.SkipUnless(Tmpfs.IsPossible, "mounting a tmpfs needs root on Linux");
        using var mount = Tmpfs.Mount("size=24m");
        await using var storage = await OpenAsync(mount.Path, reserve: 0);
        var bench = await Workbench.OpenAsync(storage, Noon);
        await bench.SubmitAsync(200);
        var claimed = await bench.ClaimAsync(200);

        var (acknowledged, refused) = await FillAsync(bench);

        Assert.Equal(StorageFault.Full, refused.Fault);
        Assert.All(await bench.SettleAsync(claimed), outcome => Assert.Equal(ChangeOutcome.Applied, outcome));
        var health = await storage.Schema.CheckAsync(default);
        Assert.False(health.AcceptsSubmits);
        Assert.Equal(StorageStatus.Degraded, health.Status);
        var counts = await storage.Catalog.CountAsync("default", default);
        Assert.Equal(acknowledged, counts.Single(count => count.State is JobState.Queued).Jobs);
    }

    [Fact]
    public async Task Below_the_watermark_submits_and_files_are_refused_before_anything_fails()
    {
        using var folder = new TemporaryFolder();
        await using var storage = await OpenAsync(folder.Path, reserve: long.MaxValue / 2);
        var bench = await Workbench.OpenAsync(storage, Noon);

        var submit = await Assert.ThrowsAsync<StorageException>(() => bench.SubmitAsync(1));
        var stage = await Assert.ThrowsAsync<StorageException>(async () => await storage.Files.StageAsync("default", Noon, default));

        Assert.Equal((StorageFault.Full, StorageFault.Full), (submit.Fault, stage.Fault));
    }

    [Fact]
    public async Task A_file_that_does_not_fit_is_removed_and_its_writer_told()
    {
        Assert.SkipUnless(Tmpfs.IsPossible, "mounting a tmpfs needs root on Linux");
        using var mount = Tmpfs.Mount("size=16m");
        await using var storage = await OpenAsync(mount.Path, reserve: 0);

        await using (var file = await storage.Files.StageAsync("default", Noon, default))
        {
            var full = await Assert.ThrowsAsync<StorageException>(() => file.Content.WriteAsync(new byte[32 * 1024 * 1024]).AsTask());
            Assert.Equal(StorageFault.Full, full.Fault);
        }

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(mount.Path, "files"), "*", SearchOption.AllDirectories));
    }

    /// <summary>Submits until it is refused; returns how many jobs were acknowledged.</summary>
    private static async Task<(int Acknowledged, StorageException Refused)> FillAsync(Workbench bench)
    {
        for (var acknowledged = 0; ; acknowledged += 50)
        {
            try
            {
                Assert.Equal(50, await bench.SubmitAsync(50, inputBytes: 10_000));
            }
            catch (StorageException exception)
            {
                return (acknowledged, exception);
            }
        }
    }

    private static async Task<SqliteStorage> OpenAsync(string folder, long reserve)
    {
        var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = folder, DiskReserve = reserve });
        await storage.Schema.MigrateAsync(Noon, default);
        return storage;
    }
}

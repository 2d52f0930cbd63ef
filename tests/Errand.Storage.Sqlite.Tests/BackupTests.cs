using System.Security.Cryptography;

namespace Errand.Storage.Sqlite.Tests;

/// <summary>A copy of a store that is written to meanwhile.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStorageOptions _options;
    private readonly SqliteStorage _store;

    public BackupTests()
    {
        _options = new SqliteStorageOptions { DataFolder = _folder.New() };
        _store = new SqliteStorage(_options);
    }

    public async ValueTask InitializeAsync() => await _store.Schema.MigrateAsync(Noon, default);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_copy_under_load_holds_what_was_acknowledged_before_and_the_files_that_it_names()
    {
        var bench = await Workbench.OpenAsync(_store, Noon);
        await bench.SubmitAsync(200);
        var jobs = (await bench.ClaimAsync(20)).Jobs;
        foreach (var job in jobs) await PublishAsync(job, 10_000);
        using var done = new CancellationTokenSource();
        var later = 0;
        var load = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await bench.SubmitAsync(50, inputBytes: 2_000);
                Interlocked.Add(ref later, 50);
            }
        });
        while (Volatile.Read(ref later) == 0) await Task.Yield();

        var before = 200 + Volatile.Read(ref later);
        var report = await SqliteBackup.WriteAsync(_options, _folder.New(), default);
        await done.CancelAsync();
        await load;

        Assert.InRange(report.Jobs, before, 200 + later);
        Assert.Equal((20, 200_000L, 0), (report.Files, report.FileBytes, report.Missing.Count));
        await using var copy = new SqliteStorage(new SqliteStorageOptions { DataFolder = report.Folder });
        await copy.Schema.MigrateAsync(Noon, default);
        Assert.Equal(StorageStatus.Healthy, (await copy.Schema.CheckAsync(default)).Status);
        foreach (var job in jobs)
        {
            var output = Assert.Single(await copy.Contents.ListOutputsAsync(job.Head.Sequence, default));
            await using var content = await copy.Files.OpenAsync(output.Formats[0].Location, default);
            Assert.Equal(10_000, content!.Length);
        }

        Assert.Equal(50, await (await Workbench.OpenAsync(copy, Noon)).SubmitAsync(50));
    }

    [Fact]
    public async Task What_is_purged_does_not_come_along_and_a_file_that_is_missing_is_named()
    {
        var bench = await Workbench.OpenAsync(_store, Noon);
        await bench.SubmitAsync(2);
        var claim = await bench.ClaimAsync(2);
        var gone = await PublishAsync(claim.Jobs[0], 100);
        var stays = await PublishAsync(claim.Jobs[1], 100);
        File.Delete(Path.Combine(_options.DataFolder, "files", gone));

        var report = await SqliteBackup.WriteAsync(_options, _folder.New(), default);

        Assert.Equal([gone], report.Missing);
        Assert.Equal(1, report.Files);
        Assert.True(File.Exists(Path.Combine(report.Folder, "files", stays)));
    }

    [Fact]
    public async Task A_file_that_is_not_as_it_was_published_is_named()
    {
        var bench = await Workbench.OpenAsync(_store, Noon);
        await bench.SubmitAsync(1);
        var location = await PublishAsync((await bench.ClaimAsync(1)).Jobs[0], 100);
        await File.WriteAllBytesAsync(Path.Combine(_options.DataFolder, "files", location), new byte[100].Select(_ => (byte)1).ToArray());

        var report = await SqliteBackup.WriteAsync(_options, _folder.New(), default);

        Assert.Equal([location], report.Missing);
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_or_lies_within_is_refused_and_left_as_it_is()
    {
        var taken = _folder.New();
        Directory.CreateDirectory(taken);
        await File.WriteAllTextAsync(Path.Combine(taken, "letter.txt"), "dear");

        var full = await Assert.ThrowsAsync<StorageException>(() => SqliteBackup.WriteAsync(_options, taken, default));
        var within = await Assert.ThrowsAsync<StorageException>(() => SqliteBackup.WriteAsync(_options, Path.Combine(_options.DataFolder, "copy"), default));
        var nothing = await Assert.ThrowsAsync<StorageException>(
            () => SqliteBackup.WriteAsync(new SqliteStorageOptions { DataFolder = taken }, _folder.New(), default));

        Assert.Contains("name a new folder", full.Message, StringComparison.Ordinal);
        Assert.Contains("name another one", within.Message, StringComparison.Ordinal);
        Assert.Contains("There is no store", nothing.Message, StringComparison.Ordinal);
        Assert.Equal(["letter.txt"], Directory.GetFileSystemEntries(taken).Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_an_earlier_one_left_unfinished_is_replaced()
    {
        await (await Workbench.OpenAsync(_store, Noon)).SubmitAsync(3);
        var target = _folder.New();
        Directory.CreateDirectory(target + ".partial");
        await File.WriteAllTextAsync(Path.Combine(target + ".partial", "errand.db"), "half");

        Assert.Equal(3, (await SqliteBackup.WriteAsync(_options, target, default)).Jobs);
        Assert.False(Directory.Exists(target + ".partial"));
    }

    private async Task<string> PublishAsync(ClaimedJob job, int bytes)
    {
        await using var staged = await _store.Files.StageAsync("default", Noon, default);
        var content = new byte[bytes];
        await staged.Content.WriteAsync(content);
        var location = await staged.PublishAsync(default);
        var digest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(content))}:";
        await _store.Contents.AddOutputAsync(
            job.Ticket, new JobOutput("report", "report.bin", [new JobOutputFormat("bin", "application/octet-stream", bytes, digest, location)], Noon, 1), default);
        return location;
    }
}

using Microsoft.Extensions.Time.Testing;

namespace Errand.Storage.Sqlite.Tests;

/// <summary>What a folder, a file or another process can put in the way of opening, and what each is answered.</summary>
public sealed class OpeningTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_owner_waits_and_then_is_told_who_holds_the_folder()
    {
        var folder = _folder.New();
        await using var owner = await OpenAsync(folder);
        var time = new FakeTimeProvider();
        var options = new SqliteStorageOptions { DataFolder = folder, LockTimeout = TimeSpan.FromSeconds(10) };
        await using var second = new SqliteStorage(options, time);

        var opening = second.Schema.MigrateAsync(Noon, default).AsTask();
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(opening.IsCompleted, "the time it may wait is not over");
        time.Advance(TimeSpan.FromSeconds(1));

        var refused = await Assert.ThrowsAsync<StorageException>(() => opening);
        Assert.Equal(StorageFault.Locked, refused.Fault);
        Assert.Contains(folder, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_owner_takes_over_when_the_first_has_gone()
    {
        var folder = _folder.New();
        var owner = await OpenAsync(folder);
        var time = new FakeTimeProvider();
        await using var second = new SqliteStorage(new SqliteStorageOptions { DataFolder = folder }, time);
        var opening = second.Schema.MigrateAsync(Noon, default).AsTask();

        await owner.DisposeAsync();
        time.Advance(TimeSpan.FromSeconds(1));

        await opening;
        Assert.Equal(StorageStatus.Healthy, (await second.Schema.CheckAsync(default)).Status);
    }

    [Fact]
    public async Task A_token_made_beside_the_owner_is_seen_by_it_and_moves_the_stamp()
    {
        var folder = _folder.New();
        await using var owner = await OpenAsync(folder);
        var stamp = await owner.Security.StampAsync(default);
        await using (var beside = await OpenAsync(folder, shared: true)) await beside.Security.AddTokenAsync(Token("a1"), default);

        Assert.NotNull(await owner.Security.FindTokenAsync("a1", default));
        Assert.NotEqual(stamp, await owner.Security.StampAsync(default));
    }

    [Fact]
    public async Task Each_change_beside_the_owner_moves_its_stamp_and_nothing_else_does()
    {
        var folder = _folder.New();
        await using var owner = await OpenAsync(folder);
        await using var beside = await OpenAsync(folder, shared: true);
        var stamps = new List<long> { await owner.Security.StampAsync(default) };

        await beside.Security.AddTokenAsync(Token("a1"), default);
        stamps.Add(await owner.Security.StampAsync(default));
        await beside.Catalog.SaveQueueAsync(new QueueSettings("default", Paused: true), default);
        stamps.Add(await owner.Security.StampAsync(default));
        await beside.Catalog.SaveTypesAsync([new StoredType("work", "{}"u8.ToArray(), Noon)], default);
        stamps.Add(await owner.Security.StampAsync(default));
        await beside.Security.RevokeTokenAsync("a1", Noon, default);
        stamps.Add(await owner.Security.StampAsync(default));

        Assert.Equal(stamps.Count, stamps.Distinct().Count());
        await (await Workbench.OpenAsync(owner, Noon)).SubmitAsync(3);
        Assert.Equal(stamps[^1], await owner.Security.StampAsync(default));
        Assert.Equal(stamps[^1], await beside.Security.StampAsync(default));
    }

    [Fact]
    public async Task A_queue_paused_beside_the_owner_gives_nothing_from_the_next_claim_on()
    {
        var folder = _folder.New();
        await using var owner = await OpenAsync(folder);
        var bench = await Workbench.OpenAsync(owner, Noon);
        await bench.SubmitAsync(2);
        Assert.Single((await bench.ClaimAsync(1)).Jobs);

        await using (var beside = await OpenAsync(folder, shared: true))
        {
            await beside.Catalog.SaveQueueAsync(new QueueSettings("default", Paused: true), default);
        }

        Assert.Empty((await bench.ClaimAsync(1)).Jobs);
    }

    [Fact]
    public async Task A_token_can_be_made_before_the_first_server()
    {
        var folder = _folder.New();
        await using (var alone = await OpenAsync(folder, shared: true)) await alone.Security.AddTokenAsync(Token("a1"), default);

        await using var owner = await OpenAsync(folder);
        Assert.NotNull(await owner.Security.FindTokenAsync("a1", default));
    }

    [Theory]
    [InlineData("no database at all, but long enough to be one: 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789")]
    [InlineData("SQLite for")]
    public async Task A_file_that_is_no_database_is_refused_as_corrupt(string content)
    {
        var folder = _folder.New();
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "errand.db"), content);

        await RefusedAsync(folder, StorageFault.Corrupt);
        Assert.Equal(content, await File.ReadAllTextAsync(Path.Combine(folder, "errand.db")));
    }

    [Fact]
    public async Task A_truncated_database_is_refused_as_corrupt()
    {
        var folder = _folder.New();
        await (await OpenAsync(folder)).DisposeAsync();
        using (var file = File.OpenWrite(Path.Combine(folder, "errand.db"))) file.SetLength(file.Length / 2);

        await RefusedAsync(folder, StorageFault.Corrupt);
    }

    [Fact]
    public async Task A_database_with_overwritten_pages_is_refused_as_corrupt()
    {
        var folder = _folder.New();
        await (await OpenAsync(folder)).DisposeAsync();
        await using (var file = File.OpenWrite(Path.Combine(folder, "errand.db")))
        {
            file.Position = 3 * 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0xAB, 8 * 4096).ToArray());
        }

        await RefusedAsync(folder, StorageFault.Corrupt);
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_left_alone()
    {
        var folder = _folder.New();
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "errand.db");
        using (var other = Connection.Open(file, readOnly: false, "CREATE TABLE theirs (x)")) Assert.False(other.InTransaction);

        await RefusedAsync(folder, StorageFault.Corrupt);
        using var again = Connection.Open(file, readOnly: false, "");
        Assert.Equal(1, again.ReadNumber("SELECT count(*) FROM sqlite_schema"));
    }

    [Fact]
    public async Task A_schema_that_this_build_can_no_longer_read_is_refused_as_too_new()
    {
        var folder = await MigratedByALaterReleaseAsync(minReader: 999);

        var refused = await RefusedAsync(folder, StorageFault.TooNew);
        Assert.Contains("999", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_schema_that_this_build_can_read_works()
    {
        var folder = await MigratedByALaterReleaseAsync(minReader: 1);

        await using var storage = await OpenAsync(folder);
        Assert.Equal(999, (await storage.Schema.CheckAsync(default)).SchemaVersion);
        Assert.Equal(1, await (await Workbench.OpenAsync(storage, Noon)).SubmitAsync(1));
    }

    [Fact]
    public async Task A_read_only_file_system_is_refused_with_the_fix()
    {
        Assert.SkipUnless(Tmpfs.IsPossible, "mounting a tmpfs needs root on Linux");
        using var mount = Tmpfs.Mount("size=16m");
        await (await OpenAsync(mount.Path)).DisposeAsync();
        mount.Remount("ro");

        var refused = await RefusedAsync(mount.Path, StorageFault.NotWritable);
        Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/srv/data", "nfs4")]
    [InlineData("/srv/data/deeper", "nfs4")]
    [InlineData("/srv/database", "ext4")]
    [InlineData("/mnt/with space/x", "fuse.sshfs")]
    public void The_file_system_of_a_folder_is_that_of_the_nearest_mount(string path, string type)
    {
        string[] mounts =
        [
            "/dev/vda / ext4 rw 0 0",
            "host:/export /srv/data nfs4 rw 0 0",
            "host: /mnt/with\\040space fuse.sshfs rw 0 0",
        ];
        Assert.Equal(type, FileSystemCheck.TypeOf(path, mounts));
    }

    private static async Task<SqliteStorage> OpenAsync(string folder, bool shared = false)
    {
        var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = folder, Shared = shared });
        await storage.Schema.MigrateAsync(Noon, default);
        return storage;
    }

    private static async Task<StorageException> RefusedAsync(string folder, StorageFault fault)
    {
        await using var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = folder });
        var refused = await Assert.ThrowsAsync<StorageException>(() => storage.Schema.MigrateAsync(Noon, default).AsTask());
        Assert.Equal(fault, refused.Fault);
        Assert.Contains(folder, refused.Message, StringComparison.Ordinal);
        return refused;
    }

    private async Task<string> MigratedByALaterReleaseAsync(int minReader)
    {
        var folder = _folder.New();
        await (await OpenAsync(folder)).DisposeAsync();
        using var later = Connection.Open(Path.Combine(folder, "errand.db"), readOnly: false, "ALTER TABLE jobs ADD COLUMN later TEXT");
        later.Execute($"INSERT INTO schema_migrations VALUES (999, {minReader}, 0)");
        return folder;
    }

    private static AccessToken Token(string id) => new(
        id, new byte[32], "default", "ci", ["jobs.read"], [], Noon, ExpiresAt: null, RevokedAt: null);
}

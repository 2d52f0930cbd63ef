using Errand.Torture.Processes;

namespace Errand.EndToEnd.Tests;

/// <summary>What a start says when the data folder is taken, damaged or read-only: one sentence with the fix, and nothing is changed.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_second_server_on_the_same_folder_waits_and_gives_up_and_the_first_goes_on()
    {
        using var folder = new DataFolder();
        await using var first = await ErrandProcess.ServeAsync(folder.Data);
        var (code, _, error) = await StartAsync(folder.Data);
        Assert.NotEqual(0, code);
        Assert.Contains(folder.Data, error, StringComparison.Ordinal);
        Assert.Contains(first.Id.ToString(), error, StringComparison.Ordinal);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(first.Url, "/readyz"));
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_damaged_database_is_refused_and_left_as_it_is()
    {
        using var folder = await FolderWithJobsAsync();
        var database = Path.Combine(folder.Data, "errand.db");
        await File.WriteAllBytesAsync(database, "this is not a database, but someone's letter"u8.ToArray());
        var before = await File.ReadAllBytesAsync(database);

        var (code, _, error) = await StartAsync(folder.Data);
        Assert.NotEqual(0, code);
        Assert.Contains("errand.db", error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(database));
    }

    [Fact]
    public async Task A_truncated_database_is_refused()
    {
        using var folder = await FolderWithJobsAsync();
        var database = Path.Combine(folder.Data, "errand.db");
        using (var file = File.OpenWrite(database)) file.SetLength(file.Length / 2);

        var (code, _, error) = await StartAsync(folder.Data);
        Assert.NotEqual(0, code);
        Assert.Contains("errand.db", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_folder_is_refused_with_the_reason()
    {
        await using var disk = await SmallDisk.TryMountAsync(megabytes: 16);
        Assert.SkipWhen(disk is null, "needs root: the test mounts a read-only tmpfs");
        await disk.MakeReadOnlyAsync();
        var (code, _, error) = await StartAsync(Path.Combine(disk.Path, "data"));
        Assert.NotEqual(0, code);
        Assert.Contains(disk.Path, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_in_good_order_gives_claimed_jobs_back_and_ends_with_0()
    {
        using var folder = new DataFolder();
        await using var server = await ErrandProcess.ServeAsync(folder.Data);
        Assert.Equal(0, await server.StopAsync());
    }

    private static Task<(int Code, string Output, string Error)> StartAsync(string data) =>
        ErrandProcess.RunAsync("serve", "--urls", $"http://127.0.0.1:{ErrandProcess.FreePort()}", "--data", data);

    private static async Task<DataFolder> FolderWithJobsAsync()
    {
        var folder = new DataFolder();
        await ErrandProcess.CreateTokenAsync(folder.Data);
        await using var server = await ErrandProcess.ServeAsync(folder.Data);
        await server.StopAsync();
        return folder;
    }
}

using System.Text;
using Errand.Work;
using Errand.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>A folder that all nodes have mounted, for the bytes of outputs and uploads.</summary>
public sealed class SharedFolderTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly string _root = Directory.CreateTempSubdirectory("errand-shared-").FullName;
    private readonly string _schema = TestServer.NewSchema();
    private readonly List<PostgreSqlStorage> _opened = [];
    private string _server = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Shared => Path.Combine(_root, "shared");

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.ConnectionStringAsync();
        Directory.CreateDirectory(Shared);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened) await store.DisposeAsync();
        await TestServer.DropAsync(_server, _schema);
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task What_a_node_wrote_that_is_gone_another_one_serves()
    {
        await using var front = await ApiNode.StartAsync(Options(Shared));
        string id;
        await using (var back = await ApiNode.StartAsync(Options(Shared), errand => errand.AddHandler(new JobType { Name = "test.table" }, _ => new Publisher())))
        {
            id = await back.SubmitAsync("test.table");
            Assert.Equal("succeeded", (await back.WaitAsync(id)).GetProperty("status").GetString());
        }

        Assert.Equal("a,b\n", await front.Client.GetStringAsync(new Uri($"jobs/{id}/outputs/table.csv", UriKind.Relative), Stop));
        var file = Assert.Single(Directory.EnumerateFiles(Path.Combine(Shared, "default"), "*", SearchOption.AllDirectories));
        Assert.Equal("a,b\n", await File.ReadAllTextAsync(file, Stop));
    }

    [Fact]
    public async Task What_a_kill_leaves_before_the_row_is_swept_and_what_a_row_names_is_kept()
    {
        var store = await OpenAsync(Shared);
        var upload = await PublishAsync(store, "named");
        await store.Uploads.AddAsync(Upload(upload), Stop);
        var published = await PublishAsync(store, "no row");
        var staged = await store.Files.StageAsync("default", Noon, Stop);
        await staged.Content.WriteAsync(Encoding.UTF8.GetBytes("half"), Stop);
        await staged.Content.FlushAsync(Stop);

        // The process is killed here: nothing is closed, and another one has the folder.
        var next = await OpenAsync(Shared);
        Assert.Equal(0, await next.Files.SweepAsync(Noon, Stop));
        Assert.Equal(2, await next.Files.SweepAsync(Noon.AddHours(1), Stop));

        Assert.Null(await next.Files.OpenAsync(published, Stop));
        Assert.Equal("named", await ReadAsync(next, upload));
        Assert.Single(Directory.EnumerateFiles(Shared, "*", SearchOption.AllDirectories), path => !Path.GetFileName(path).StartsWith(".errand-store", StringComparison.Ordinal));
        await staged.DisposeAsync();
    }

    [Fact]
    public async Task Files_stay_where_they_are_when_the_folder_is_named_later_and_one_without_it_says_so()
    {
        var before = await OpenAsync(null);
        var chunks = await PublishAsync(before, "chunks");
        var after = await OpenAsync(Shared);
        var file = await PublishAsync(after, "file");

        Assert.Equal(("chunks", "file", "chunks"), (await ReadAsync(after, chunks), await ReadAsync(after, file), await ReadAsync(before, chunks)));
        var refusal = await Assert.ThrowsAsync<StorageException>(async () => await before.Files.OpenAsync(file, Stop));
        Assert.Contains("storage.outputs", refusal.Message, StringComparison.Ordinal);
        await after.Files.DeleteAsync([chunks, file], Stop);
        Assert.Null(await after.Files.OpenAsync(chunks, Stop));
        Assert.Null(await after.Files.OpenAsync(file, Stop));
    }

    [Fact]
    public async Task A_folder_that_is_missing_empty_or_anothers_is_named_at_the_start()
    {
        await OpenAsync(Shared);
        var (missing, empty, others) = (Path.Combine(_root, "missing"), Path.Combine(_root, "empty"), Path.Combine(_root, "others"));
        foreach (var folder in new[] { empty, others }) Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(others, ".errand-store"), "0123456789abcdef0123456789abcdef\n", Stop);

        foreach (var (folder, reason) in new[] { (missing, "is not there"), (empty, "is not the one"), (others, "belongs to another store") })
        {
            var refusal = await Assert.ThrowsAsync<StorageException>(() => OpenAsync(folder));
            Assert.Equal(StorageFault.NotWritable, refusal.Fault);
            Assert.Contains(folder, refusal.Message, StringComparison.Ordinal);
            Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(empty));
        await OpenAsync(Shared);
    }

    [Fact]
    public async Task A_crash_while_the_folder_gets_its_name_does_not_keep_the_store_closed()
    {
        var first = await OpenAsync(Shared);
        var marker = Path.Combine(Shared, ".errand-store");
        var name = (await File.ReadAllTextAsync(marker, Stop)).Trim();
        File.Move(marker, $"{marker}.{name}");

        await OpenAsync(Shared);

        Assert.Equal(name, (await File.ReadAllTextAsync(marker, Stop)).Trim());
        Assert.Equal("x", await ReadAsync(first, await PublishAsync(first, "x")));
    }

    [Fact]
    public async Task Nodes_that_start_at_once_agree_on_the_folder()
    {
        await OpenAsync(null);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => OpenAsync(Shared)));

        Assert.Equal([".errand-store"], Directory.EnumerateFiles(Shared).Select(Path.GetFileName));
    }

    private PostgreSqlStorageOptions Options(string? folder) => new() { ConnectionString = _server, Schema = _schema, OutputFolder = folder };

    private async Task<PostgreSqlStorage> OpenAsync(string? folder)
    {
        var store = new PostgreSqlStorage(Options(folder));
        lock (_opened) _opened.Add(store);
        await store.Schema.MigrateAsync(Noon, Stop);
        return store;
    }

    private static async Task<string> PublishAsync(PostgreSqlStorage store, string text)
    {
        await using var staged = await store.Files.StageAsync("default", Noon, Stop);
        await staged.Content.WriteAsync(Encoding.UTF8.GetBytes(text), Stop);
        return await staged.PublishAsync(Stop);
    }

    private static async Task<string> ReadAsync(PostgreSqlStorage store, string location)
    {
        using var reader = new StreamReader((await store.Files.OpenAsync(location, Stop))!);
        return await reader.ReadToEndAsync(Stop);
    }

    private static Upload Upload(string location) =>
        new("0af1", "default", "ann", "csv", 1, 5, "sha-256=:AAAA:", location, Noon, Noon.AddDays(1));

    private sealed class Publisher : IJobHandler
    {
        public async ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken)
        {
            await context.PublishAsync(
                new OutputDraft("table.csv", "table.csv", [new OutputFormatDraft("csv", "text/csv", (file, stop) => file.WriteAsync("a,b\n"u8.ToArray(), stop).AsTask())]), cancellationToken);
            return JobOutcome.Succeeded.Empty;
        }
    }
}

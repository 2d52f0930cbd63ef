namespace Errand.Storage.PostgreSql.Tests;

/// <summary>Rows of another store come whole or not at all.</summary>
public sealed class TransferTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly string _schema = TestServer.NewSchema();
    private PostgreSqlStorage _store = null!;
    private string _server = "";

    private IStorageTransfer Transfer => _store.Transfer!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.ConnectionStringAsync();
        _store = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = _server, Schema = _schema });
        await _store.Schema.MigrateAsync(Noon, default);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await TestServer.DropAsync(_server, _schema);
    }

    [Fact]
    public async Task Rows_that_end_early_leave_nothing_behind()
    {
        await Assert.ThrowsAsync<IOException>(() => ThrowOfAsync(BrokenAsync()));
        await Assert.ThrowsAsync<StorageException>(() => ThrowOfAsync(Rows(new TransferRow("something_new", [1L]))));

        Assert.True(await Transfer.IsEmptyAsync(default));
        Assert.Empty(await ExportAsync());
    }

    [Fact]
    public async Task A_store_in_use_is_refused_and_left_as_it_is()
    {
        await (await Workbench.OpenAsync(_store, Noon)).SubmitAsync(2);

        var refused = await Assert.ThrowsAsync<StorageException>(() => ThrowOfAsync(Rows(Lane(9))));

        Assert.Equal(StorageFault.Locked, refused.Fault);
        Assert.Contains("Name another one", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await ExportAsync()).Count(row => row.Table == "jobs"));
    }

    [Fact]
    public async Task What_was_taken_over_goes_on_with_new_numbers()
    {
        await Transfer.ImportAsync(Rows(Lane(7), Job(1_000, 7, state: 0), Job(1_001, 7, state: 1), new TransferRow("sequences", ["sequence", 1_001L]), new TransferRow("sequences", ["token", 50L])), default);
        var bench = await Workbench.OpenAsync(_store, Noon);
        await bench.SubmitAsync(1);
        await bench.SubmitAsync(1, "other");

        var claimed = await bench.ClaimAsync(10, "work", "other");
        var orphans = await _store.Sessions.ListOrphansAsync(Noon, 10, default);

        Assert.Equal([1_000L, 1_002L, 1_003L], claimed.Jobs.Select(job => job.Head.Sequence).Order());
        Assert.All(claimed.Jobs, job => Assert.True(job.Head.Token > 50));
        var orphan = Assert.Single(orphans);
        Assert.Equal((1_001L, true), (orphan.Head.Sequence, orphan.SessionClosed));
    }

    private static TransferRow Lane(long id) => new("lanes", [id, "default", "default", "work"]);

    private static TransferRow Job(long sequence, long lane, long state) => new(
        "jobs",
        [
            sequence, JobId.New(Noon).Value.ToByteArray(bigEndian: true), lane, 5L, state, 1L, Noon.UtcTicks, Noon.UtcTicks, Noon.UtcTicks, null, null, null, null, state, 5L, 0L, 0L,
            state == 1 ? Guid.NewGuid().ToByteArray() : null, state, 0L, null, null, null, Guid.NewGuid().ToByteArray(), "default", "ann",
        ]);

    private async Task ThrowOfAsync(IAsyncEnumerable<TransferRow> rows) => await Transfer.ImportAsync(rows, default);

    private async Task<List<TransferRow>> ExportAsync() => await Transfer.ExportAsync(default).ToListAsync();

    private static IAsyncEnumerable<TransferRow> Rows(params TransferRow[] rows) => rows.ToAsyncEnumerable();

    private static async IAsyncEnumerable<TransferRow> BrokenAsync()
    {
        yield return Lane(1);
        yield return Job(1, 1, 0);
        await Task.Yield();
        throw new IOException("the disk of the other store ends here");
    }
}

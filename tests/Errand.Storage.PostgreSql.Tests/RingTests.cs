using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>The ring of tables that jobs wait in: it turns, what is empty is emptied, and nothing that waits is lost or passed over.</summary>
public sealed class RingTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly string _schema = TestServer.NewSchema();
    private readonly FakeTimeProvider _time = new(Noon);
    private PostgreSqlStorage _storage = null!;
    private Database _database = null!;
    private Rotation _rotation = null!;
    private Workbench _bench = null!;
    private string _server = "";

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.ConnectionStringAsync();
        var options = new PostgreSqlStorageOptions { ConnectionString = _server, Schema = _schema };

        // The store's own upkeep never comes: its clock stands still. The tests turn the ring by hand, on the same database object.
        _storage = new PostgreSqlStorage(options, new FakeTimeProvider(Noon));
        await _storage.Schema.MigrateAsync(Noon, default);
        _database = _storage.Database;
        _rotation = new Rotation(_database, _database.Ring, _time) { TurnAt = 1, TurnLaterAt = 1 };
        _bench = await Workbench.OpenAsync(_storage, Noon);
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        await TestServer.DropAsync(_server, _schema);
    }

    [Fact]
    public async Task A_table_that_jobs_have_left_is_emptied_while_a_snapshot_is_held()
    {
        await using var holder = await HoldAsync("SELECT 1 FROM pg_class LIMIT 1");
        await _bench.SubmitAsync(200);
        var claimed = await _bench.ClaimAsync(200);
        Assert.True(await BytesAsync(0) > 0);

        await PassesAsync(3);

        Assert.Equal((short)1, _database.Ring.Now);
        Assert.Equal(0, await BytesAsync(0));
        Assert.All(await _bench.SettleAsync(claimed), outcome => Assert.Equal(ChangeOutcome.Applied, outcome));
        await _bench.SubmitAsync(1);
        Assert.Single((await _bench.ClaimAsync(10)).Jobs);
    }

    [Fact]
    public async Task A_table_that_a_transaction_has_read_is_left_alone_until_it_ends()
    {
        await using (await HoldAsync($"SELECT 1 FROM {_schema}.waiting LIMIT 1"))
        {
            await _bench.SubmitAsync(200);
            await _bench.ClaimAsync(200);
            await PassesAsync(3);
            Assert.True(await BytesAsync(0) > 0);
            await _bench.SubmitAsync(1);
            Assert.Single((await _bench.ClaimAsync(10)).Jobs);
        }

        // The server may need a moment to notice the end of a connection.
        for (var passes = 0; passes < 100 && await BytesAsync(0) > 0; passes++) await PassesAsync(1);
        Assert.Equal(0, await BytesAsync(0));
    }

    [Fact]
    public async Task What_stays_behind_is_moved_and_claimed_in_its_order()
    {
        _rotation.TurnLaterAt = long.MaxValue;
        await _bench.SubmitAsync(20);
        await _bench.SubmitAsync(3, "other");
        Assert.Equal(20, (await _bench.ClaimAsync(20)).Jobs.Count);

        await PassesAsync(4);

        Assert.Equal((0, 3), (await BytesAsync(0), await RowsAsync(4)));
        await _bench.SubmitAsync(1, "other");
        var rest = (await _bench.ClaimAsync(10, "other")).Jobs.Select(job => job.Head.Sequence).ToList();
        Assert.Equal(4, rest.Count);
        Assert.Equal(rest.Order(), rest);
    }

    [Fact]
    public async Task A_row_that_comes_late_to_a_table_keeps_it_from_being_emptied()
    {
        await _bench.SubmitAsync(20);
        await _bench.ClaimAsync(20);
        await PassesAsync(1);
        _database.Ring.Set(0, 4);
        await using var late = await HoldAsync("SELECT 1 FROM pg_class LIMIT 1");
        await _bench.SubmitAsync(1);
        Assert.Equal("1 0 0 0 0 0", await RowsAsync());

        await PassesAsync(4);

        Assert.Single((await _bench.ClaimAsync(10)).Jobs);
    }

    [Fact]
    public async Task Jobs_that_are_due_later_lie_apart_and_are_claimed_when_they_are_due()
    {
        var later = _bench.Job();
        later = later with { Head = later.Head with { DueAt = Noon.AddMinutes(1) } };
        await _storage.Jobs.SubmitAsync(new JobBatch([later], Atomic: false, Idempotency: null, Noon), default);

        Assert.Equal((0, 1), (await RowsAsync(0), await RowsAsync(4)));
        Assert.Equal(later.Head.DueAt, (await _bench.ClaimAsync(10)).NextDueAt);
        Assert.Equal(later.Head.Id, (await _bench.At(Noon.AddMinutes(1)).ClaimAsync(10)).Jobs.Single().Head.Id);
    }

    [Fact]
    public async Task Small_tables_are_written_anew_and_keep_their_rows()
    {
        await _storage.Catalog.SaveQueueAsync(new QueueSettings("default", MaxConcurrency: 7), default);
        await _bench.SubmitAsync(3);
        await TestServer.RunAsync(
            _server,
            $"""
             INSERT INTO {_schema}.lane_counts SELECT 1, 0, CASE WHEN n % 2 = 0 THEN 1 ELSE -1 END FROM generate_series(1, 4000) AS n;
             DO $$ BEGIN FOR i IN 1..3000 LOOP UPDATE {_schema}.queues SET permits = i; END LOOP; END $$
             """);
        var before = (await AskAsync($"SELECT pg_relation_size('{_schema}.lane_counts')"), await AskAsync($"SELECT pg_relation_size('{_schema}.queues')"));

        await PassesAsync(1);

        var after = (await AskAsync($"SELECT pg_relation_size('{_schema}.lane_counts')"), await AskAsync($"SELECT pg_relation_size('{_schema}.queues')"));
        Assert.Equal((8192, 8192), after);
        Assert.True(before.Item1 > after.Item1 && before.Item2 > after.Item2);
        Assert.Equal(3, await AskAsync($"SELECT sum(jobs)::bigint FROM {_schema}.lane_counts WHERE state = 0"));
        Assert.Equal(7, await AskAsync($"SELECT max_concurrency::bigint FROM {_schema}.queues"));
        Assert.Equal(3, (await _bench.ClaimAsync(10)).Jobs.Count);
    }

    [Fact]
    public async Task Claims_that_look_from_their_marks_on_find_what_this_node_writes_below_them()
    {
        _database.Marks.AreUsed = true;
        await _bench.SubmitAsync(10);
        Assert.Equal(10, (await _bench.At(Noon.AddMinutes(1)).ClaimAsync(10)).Jobs.Count);
        Assert.NotEmpty(_database.Marks.Copy());

        var early = _bench.Job();
        early = early with { Head = early.Head with { DueAt = Noon.AddMinutes(-5) } };
        await _storage.Jobs.SubmitAsync(new JobBatch([early], Atomic: false, Idempotency: null, Noon), default);

        Assert.Equal(early.Head.Id, (await _bench.At(Noon.AddMinutes(1)).ClaimAsync(10)).Jobs.Single().Head.Id);
    }

    [Fact]
    public async Task Claims_that_look_from_their_marks_on_find_what_another_node_writes_below_them_after_a_full_look()
    {
        await using var other = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = _server, Schema = _schema }, _time);
        await other.Schema.MigrateAsync(Noon, default);
        _database.Marks.AreUsed = true;
        await _bench.SubmitAsync(10);
        var later = _bench.At(Noon.AddMinutes(1));
        Assert.Equal(10, (await later.ClaimAsync(10)).Jobs.Count);
        await (await Workbench.OpenAsync(other, Noon.AddSeconds(-1))).SubmitAsync(1);
        Assert.Empty((await later.ClaimAsync(10)).Jobs);

        var look = new FullLook(_database, _time);
        _time.Advance(TimeSpan.FromSeconds(1));
        await look.PassAsync(FullLook.ManyBytes);

        Assert.Single((await later.ClaimAsync(10)).Jobs);
    }

    private async Task PassesAsync(int passes)
    {
        for (var i = 0; i < passes; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            await _rotation.PassAsync();
        }
    }

    private async Task<NpgsqlConnection> HoldAsync(string look)
    {
        var holder = new NpgsqlConnection(_server + ";Pooling=false");
        await holder.OpenAsync();
        await using var begin = new NpgsqlCommand($"BEGIN ISOLATION LEVEL REPEATABLE READ; {look}", holder);
        await begin.ExecuteNonQueryAsync();
        return holder;
    }

    private Task<long> BytesAsync(int slot) => AskAsync($"SELECT pg_relation_size('{_schema}.waiting_{slot}')");

    private Task<long> RowsAsync(int slot) => AskAsync($"SELECT count(*) FROM {_schema}.waiting_{slot}");

    /// <summary>How many rows lie in each table: where they are not expected tells more than that they are missing.</summary>
    private async Task<string> RowsAsync()
    {
        var rows = new List<long>();
        for (var slot = 0; slot < RingSlots.All; slot++) rows.Add(await RowsAsync(slot));
        return string.Join(' ', rows);
    }

    private async Task<long> AskAsync(string text)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

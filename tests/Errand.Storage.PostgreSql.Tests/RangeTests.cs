using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>The ranges that inputs, results, messages and items lie in: made ahead of need, and dropped with all that retention left there.</summary>
public sealed class RangeTests : IAsyncLifetime
{
    private const int Width = 50;
    private const int InputBytes = 300;
    private const int PassesAtMost = 1_000;

    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Expired = Noon.AddDays(8);

    private readonly string _schema = TestServer.NewSchema();
    private readonly FakeTimeProvider _time = new(Noon);
    private readonly List<PostgreSqlStorage> _stores = [];
    private string _server = "";

    public async ValueTask InitializeAsync() => _server = await TestServer.ConnectionStringAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores) await store.DisposeAsync();
        await TestServer.DropAsync(_server, _schema);
    }

    [Fact]
    public async Task A_range_goes_at_once_when_its_last_job_is_purged()
    {
        var (store, bench, keeper) = await OpenAsync();
        await bench.SubmitAsync(Width + 10, inputBytes: InputBytes);
        var claimed = await bench.ClaimAsync(1_000);
        await store.Contents.AppendMessagesAsync(claimed.Jobs[0].Ticket, [new JobMessage { Time = Noon, Text = "m", Attempt = 1 }], default);
        await store.Contents.WriteItemsAsync(claimed.Jobs[0].Ticket, [new JobItem { Key = "i", Index = 0, Status = JobItemStatus.Succeeded }], default);
        await bench.SettleAsync(claimed, new JobResult("text/plain", new byte[InputBytes], null, InputBytes, "sha-256=:AAAA:"));
        await PassesAsync(keeper, 1);
        var first = await BoundsAsync();

        Assert.Equal(Width + 10, (await store.Retention.PurgeExpiredAsync(Expired, 1_000, default)).Jobs);
        Assert.Equal((Width, 1), (await RowsAsync("job_inputs", below: Width), await RowsAsync("job_messages")));
        await PassesUntilAsync(keeper, async () => !(await BoundsAsync()).Contains(first[0]));

        Assert.Equal(first.Skip(1).Take(2), (await BoundsAsync()).Take(2));
        foreach (var table in JobRange.Tables) Assert.Equal(0, await RowsAsync(table));
        Assert.Equal(0, await AskAsync($"SELECT count(*) FROM pg_class WHERE relname ~ '^job_(inputs|results|messages|items)_{first[0]}$' AND relnamespace = '{_schema}'::regnamespace"));
        Assert.NotNull((await store.Jobs.FindAsync(claimed.Jobs[0].Head.Key, JobParts.Status, default)).Tombstone);
    }

    [Fact]
    public async Task A_job_that_stays_keeps_its_own_rows_and_not_those_of_the_others()
    {
        var (store, bench, keeper) = await OpenAsync();
        var straggler = await SubmitOneAsync(store, bench.Job("rare", InputBytes));
        await bench.SubmitAsync(Width + 10, inputBytes: InputBytes);
        await PassesAsync(keeper, 1);
        var claimed = await bench.ClaimAsync(1_000);
        await store.Contents.WriteItemsAsync(claimed.Jobs[0].Ticket, [new JobItem { Key = "i", Index = 0, Status = JobItemStatus.Succeeded }], default);
        await bench.SettleAsync(claimed);
        await store.Retention.PurgeExpiredAsync(Expired, 1_000, default);
        Assert.True(await RowsAsync("job_inputs", below: Width) > 1);

        _time.SetUtcNow(Expired.AddHours(1));
        await PassesAsync(keeper, 2);

        Assert.Equal((1, 0), (await RowsAsync("job_inputs", below: Width), await RowsAsync("job_items")));
        var late = await bench.At(Expired).ClaimAsync(10, "rare");
        Assert.Equal((straggler, InputBytes), (late.Jobs.Single().Head.Id, late.Jobs.Single().Input.Json.Length));
        await bench.At(Expired).SettleAsync(late);
        Assert.Equal(1, (await store.Retention.PurgeExpiredAsync(Expired.AddDays(8), 1_000, default)).Jobs);
        Assert.Equal(0, await RowsAsync("job_inputs", below: Width));
        await PassesUntilAsync(keeper, async () => !(await BoundsAsync()).Any(first => first <= Width));
    }

    [Fact]
    public async Task Without_a_range_in_time_jobs_are_accepted_all_the_same()
    {
        var (store, bench, keeper) = await OpenAsync();
        Assert.Equal(500, await bench.SubmitAsync(500, inputBytes: InputBytes));
        Assert.Equal(500 - (3 * Width), await AskAsync($"SELECT count(*) FROM {_schema}.job_inputs_default"));

        await PassesUntilAsync(keeper, async () => (await BoundsAsync()).Count > 3);
        await bench.SubmitAsync(2_000, inputBytes: InputBytes);
        var claimed = await bench.ClaimAsync(10_000);

        Assert.Equal(2_500, claimed.Jobs.Count(job => job.Input.Json.Length == InputBytes));
        Assert.True((await BoundsAsync())[3] > 500);
        await bench.SettleAsync(claimed);
        Assert.Equal(2_500, (await store.Retention.PurgeExpiredAsync(Expired, 10_000, default)).Jobs);
        Assert.Equal(0, await AskAsync($"SELECT count(*) FROM {_schema}.job_inputs_default"));
    }

    [Fact]
    public async Task Nothing_is_lost_while_ranges_are_made_and_dropped_by_several_nodes()
    {
        var (store, bench, keeper) = await OpenAsync();
        var (other, _, _) = await OpenAsync();
        var keepers = new[] { keeper, new RangeKeeper(other.Database, _time) };
        await bench.SubmitAsync(400, inputBytes: InputBytes);
        await PassesAsync(keeper, 1);
        await bench.SettleAsync(await bench.ClaimAsync(1_000));
        var bounds = await BoundsAsync();

        var submitted = 0;
        var submits = Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            var mine = await Workbench.OpenAsync(i % 2 == 0 ? store : other, Noon);
            for (var n = 0; n < 40; n++) Interlocked.Add(ref submitted, await mine.SubmitAsync(10, "kept", InputBytes));
        })));
        while ((await store.Retention.PurgeExpiredAsync(Expired, 50, default)).Jobs > 0 || !submits.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            await Task.WhenAll(keepers.Select(one => one.PassAsync().AsTask()));
        }

        await submits;
        await PassesUntilAsync(keeper, async () => !(await BoundsAsync()).Contains(bounds[0]));
        var kept = (await (await Workbench.OpenAsync(store, Noon)).ClaimAsync(10_000, "kept")).Jobs;
        Assert.Equal((1_600, 1_600), (submitted, kept.Count(job => job.Input.Json.Length == InputBytes)));
    }

    [Fact]
    public async Task Who_reads_a_table_keeps_its_ranges_and_a_snapshot_alone_does_not()
    {
        var (store, bench, keeper) = await OpenAsync();
        await bench.SubmitAsync(Width + 10, inputBytes: InputBytes);
        await bench.SettleAsync(await bench.ClaimAsync(1_000));
        await PassesAsync(keeper, 1);
        await store.Retention.PurgeExpiredAsync(Expired, 1_000, default);
        await using (await HoldAsync($"SELECT 1 FROM {_schema}.job_inputs LIMIT 1"))
        {
            await PassesAsync(keeper, 3);
            Assert.Equal(1, (await BoundsAsync())[0]);
            Assert.Equal(10, await bench.SubmitAsync(10, inputBytes: InputBytes));
        }

        await using var snapshot = await HoldAsync("SELECT 1 FROM pg_class LIMIT 1");
        await PassesUntilAsync(keeper, async () => (await BoundsAsync())[0] != 1);
    }

    [Fact]
    public async Task A_store_without_ranges_is_turned_into_ranges_while_it_works()
    {
        var former = new Migrations([.. Migrations.Own.All.Where(migration => migration.Version < 7)]);
        var (old, bench, _) = await OpenAsync(former);
        await bench.SubmitAsync(30, inputBytes: InputBytes);
        await bench.SettleAsync(await bench.ClaimAsync(10));
        await Migrations.Own.ApplyAsync(old.Database, Noon);
        var keeper = new RangeKeeper(old.Database, _time);

        // Each pass is a step: the bound, the look through the table, the turn. Jobs come between all of them.
        var submitted = 30L;
        await PassesUntilAsync(keeper, async () =>
        {
            submitted += await bench.SubmitAsync(10, inputBytes: InputBytes);
            return await AskAsync($"SELECT last_value FROM {_schema}.job_sequence") > 1L << 40;
        });

        Assert.True(submitted >= 60);
        Assert.Equal('p', await KindAsync("job_inputs"));
        Assert.Equal(
            (submitted - 10, 10L),
            (await AskAsync($"SELECT count(*) FROM {_schema}.job_inputs_old"), await AskAsync($"SELECT count(*) FROM {_schema}.job_inputs WHERE job > {1L << 40}")));
        var rest = await bench.ClaimAsync(1_000);
        Assert.Equal(submitted - 10, rest.Jobs.Count(job => job.Input.Json.Length == InputBytes));
        await bench.SettleAsync(rest);
        await PassesAsync(keeper, 1);

        var (store, _, newer) = await OpenAsync();
        Assert.Equal(submitted, (await store.Retention.PurgeExpiredAsync(Expired, 1_000, default)).Jobs);
        await PassesUntilAsync(newer, async () => !(await BoundsAsync()).Contains(JobRange.Old));
        Assert.Equal(0, await RowsAsync("job_inputs"));
    }

    [Fact]
    public async Task What_is_moved_here_is_one_range_and_what_was_left_lying_stays_behind()
    {
        var (store, bench, keeper) = await OpenAsync();
        await bench.SubmitAsync(Width + 10, inputBytes: InputBytes);
        await PassesAsync(keeper, 1);
        await bench.SettleAsync(await bench.ClaimAsync(20));
        await store.Retention.PurgeExpiredAsync(Expired, 1_000, default);
        var (from, schema) = (store, _schema + "_to");
        await using var to = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = _server, Schema = schema }, new FakeTimeProvider(Noon));
        await to.Schema.MigrateAsync(Noon, default);
        try
        {
            await to.Transfer!.ImportAsync(from.Transfer!.ExportAsync(default), default);

            Assert.Equal(Width - 10, await AskAsync($"SELECT count(*) FROM {schema}.job_inputs_old"));
            Assert.Equal(1, await AskAsync($"SELECT count(*) FROM {schema}.ranges"));
            await PassesUntilAsync(new RangeKeeper(to.Database, _time), async () => await AskAsync($"SELECT count(*) FROM {schema}.ranges") == 4);
            var there = await Workbench.OpenAsync(to, Noon);
            Assert.Equal(10, await there.SubmitAsync(10, inputBytes: InputBytes));
            Assert.Equal(Width, (await there.ClaimAsync(1_000)).Jobs.Count(job => job.Input.Json.Length == InputBytes));
        }
        finally
        {
            await TestServer.DropAsync(_server, schema);
        }
    }

    private async Task<(PostgreSqlStorage Store, Workbench Bench, RangeKeeper Keeper)> OpenAsync(Migrations? migrations = null)
    {
        // The store's own upkeep comes once, at the start: its clock stands still.
        var options = new PostgreSqlStorageOptions { ConnectionString = _server, Schema = _schema, RangeWidthMin = Width, Migrations = migrations ?? Migrations.Own };
        var store = new PostgreSqlStorage(options, new FakeTimeProvider(Noon));
        _stores.Add(store);
        await store.Schema.MigrateAsync(Noon, default);
        var keeper = new RangeKeeper(store.Database, _time);
        if (migrations is null) await PassesUntilAsync(keeper, async () => (await BoundsAsync()).Count >= RangeRules.Ahead);
        return (store, await Workbench.OpenAsync(store, Noon), keeper);
    }

    /// <summary>Passes of the upkeep, each after whatever an earlier one waits for.</summary>
    private async Task PassesAsync(RangeKeeper keeper, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            await keeper.PassAsync();
        }
    }

    /// <summary>A vacuum or a slow machine may be in the way of any pass: as many as it takes.</summary>
    private async Task PassesUntilAsync(RangeKeeper keeper, Func<Task<bool>> isDone)
    {
        for (var passes = 0; !await isDone(); passes++)
        {
            Assert.True(passes < PassesAtMost, "the upkeep does not come to an end");
            await PassesAsync(keeper, 1);
        }
    }

    private static async Task<JobId> SubmitOneAsync(PostgreSqlStorage store, NewJob job)
    {
        await store.Jobs.SubmitAsync(new JobBatch([job], Atomic: false, Idempotency: null, Noon), default);
        return job.Head.Id;
    }

    private Task<long> RowsAsync(string table, long below = long.MaxValue) => AskAsync($"SELECT count(*) FROM {_schema}.{table} WHERE job <= {below}");

    private async Task<IReadOnlyList<long>> BoundsAsync() => await ListAsync<long>($"SELECT first FROM {_schema}.ranges ORDER BY first");

    private async Task<char> KindAsync(string table) => (await ListAsync<char>($"SELECT relkind FROM pg_class WHERE oid = '{_schema}.{table}'::regclass"))[0];

    private async Task<long> AskAsync(string sql) => (await ListAsync<long>(sql))[0];

    private async Task<List<T>> ListAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var list = new List<T>();
        while (await rows.ReadAsync()) list.Add(await rows.GetFieldValueAsync<T>(0));
        return list;
    }

    private async Task<NpgsqlConnection> HoldAsync(string look)
    {
        var holder = new NpgsqlConnection(_server + ";Pooling=false");
        await holder.OpenAsync();
        await using var begin = new NpgsqlCommand($"BEGIN ISOLATION LEVEL REPEATABLE READ; {look}", holder);
        await begin.ExecuteNonQueryAsync();
        return holder;
    }
}

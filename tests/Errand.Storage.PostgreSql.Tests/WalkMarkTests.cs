using Microsoft.Extensions.Time.Testing;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>Sweeps walk past the dead rows of what they removed, and miss nothing for long.</summary>
public sealed class WalkMarkTests
{
    private readonly FakeTimeProvider _time = new(new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Every_walk_begins_at_the_front_while_there_are_few_dead_rows()
    {
        var mark = new WalkMark(_time);
        mark.See(WalkMark.ManyDead - 1);

        Assert.Equal(long.MinValue, await WalkAsync(mark, last: 100));
        Assert.Equal(long.MinValue, await WalkAsync(mark, last: 200));
    }

    [Fact]
    public async Task Among_many_dead_rows_a_walk_begins_where_the_last_one_ended_and_now_and_then_at_the_front()
    {
        var mark = new WalkMark(_time);
        mark.See(WalkMark.ManyDead);

        Assert.Equal(long.MinValue, await WalkAsync(mark, last: 100));
        Assert.Equal(100, await WalkAsync(mark, last: 200));
        Assert.Equal(200, await WalkAsync(mark, last: null));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(long.MinValue, await WalkAsync(mark, last: 50));
        Assert.Equal(200, await WalkAsync(mark, last: null));
    }

    [Fact]
    public async Task A_walk_from_the_front_that_takes_long_comes_in_a_twentieth_of_the_time()
    {
        var mark = new WalkMark(_time);
        mark.See(WalkMark.ManyDead);
        _time.Advance(TimeSpan.FromSeconds(10));
        await WalkAsync(mark, last: 100, takes: TimeSpan.FromSeconds(2));

        _time.Advance(TimeSpan.FromSeconds(39));
        Assert.Equal(100, await WalkAsync(mark, last: null));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(long.MinValue, await WalkAsync(mark, last: null));
    }

    [Fact]
    public async Task What_expired_below_the_mark_is_purged_by_the_next_walk_from_the_front()
    {
        var (server, schema, noon) = (await TestServer.ConnectionStringAsync(), TestServer.NewSchema(), _time.GetUtcNow());
        await using (var storage = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = server, Schema = schema }, _time))
        {
            await storage.Schema.MigrateAsync(noon, default);
            var bench = await Workbench.OpenAsync(storage, noon);
            storage.Database.Walks.Finished.See(WalkMark.ManyDead);
            await bench.SubmitAsync(2);
            await bench.SettleAsync(await bench.ClaimAsync(2));
            Assert.Equal(2, (await storage.Retention.PurgeExpiredAsync(noon.AddDays(8), 10, default)).Jobs);

            var earlier = bench.At(noon.AddHours(-1));
            await earlier.SubmitAsync(1);
            await earlier.SettleAsync(await earlier.ClaimAsync(1));
            storage.Database.Walks.Finished.See(WalkMark.ManyDead);
            Assert.Equal(0, (await storage.Retention.PurgeExpiredAsync(noon.AddDays(8), 10, default)).Jobs);
            _time.Advance(TimeSpan.FromSeconds(10));
            storage.Database.Walks.Finished.See(WalkMark.ManyDead);
            Assert.Equal(1, (await storage.Retention.PurgeExpiredAsync(noon.AddDays(8), 10, default)).Jobs);
        }

        await TestServer.DropAsync(server, schema);
    }

    private async Task<long> WalkAsync(WalkMark mark, long? last, TimeSpan takes = default) => await mark.WalkAsync(from =>
    {
        _time.Advance(takes);
        return new ValueTask<(long, long?)>((from, last));
    });
}

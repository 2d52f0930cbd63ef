using System.Collections.Concurrent;
using System.Text.Json;
using Errand.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>Two whole nodes on one database: one answers callers, the other one runs the jobs.</summary>
public sealed class TwoNodesTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly string _schema = TestServer.NewSchema();
    private readonly Held _held = new();
    private string _server = "";
    private ApiNode? _front;
    private ApiNode? _back;
    private PgBouncer? _pooler;

    public async ValueTask InitializeAsync() => _server = await TestServer.ConnectionStringAsync();

    public async ValueTask DisposeAsync()
    {
        if (_front is not null) await _front.DisposeAsync();
        if (_back is not null) await _back.DisposeAsync();
        if (_pooler is not null) await _pooler.DisposeAsync();
        await TestServer.DropAsync(_server, _schema);
    }

    [Fact]
    public async Task A_long_poll_and_a_stream_end_within_100_ms_of_the_end_on_another_node()
    {
        await StartAsync(pooler: false);
        await WarmUpAsync();

        // A busy machine is slow for its own reasons; one quiet second of it is enough to tell.
        List<TimeSpan> waits = [];
        for (var rounds = 0; rounds < 5 && (waits.Count == 0 || Median(waits) > TimeSpan.FromMilliseconds(100)); rounds++)
        {
            waits = await MeasureAsync(9, PollAsync, LastWordAsync);
            output.WriteLine($"ms from the settle that was asked for until both were told: {Text(waits)}");
        }

        Assert.InRange(Median(waits), TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Without_hints_both_end_within_2_seconds()
    {
        await StartAsync(pooler: true);

        var waits = await MeasureAsync(4, PollAsync, LastWordAsync);

        output.WriteLine($"without hints, ms: {Text(waits)}");
        Assert.All(waits, one => Assert.InRange(one, TimeSpan.Zero, TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_follows_all_jobs_is_told_of_each_change_that_another_node_made(bool hintsCutOff)
    {
        await StartAsync(hintsCutOff);
        if (!hintsCutOff) await WarmUpAsync();
        using var follower = await _front!.FollowAsync();

        List<TimeSpan> told = [];
        var aim = TimeSpan.FromMilliseconds(hintsCutOff ? 2_000 : 100);
        for (var i = 0; i < 40 && (told.Count < 5 || Median(told) > aim); i++)
        {
            var id = await _back!.SubmitAsync("test.held");
            await _held.StartedAsync(id);
            await follower.UntilAsync("running", id);
            var since = TimeProvider.System.GetTimestamp();
            _held.Release(id);
            await follower.UntilAsync("succeeded", id);
            told.Add(TimeProvider.System.GetElapsedTime(since));
        }

        output.WriteLine($"ms from the settle that was asked for until the follower was told: {Text(told)}");
        Assert.InRange(Median(told), TimeSpan.Zero, aim);
        var many = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _back!.SubmitAsync("test.held")));
        foreach (var id in many) _held.Release(id);
        await follower.UntilAsync("succeeded", many);
    }

    [Fact]
    public async Task A_worker_that_waits_hears_of_a_submit_to_another_node()
    {
        await StartAsync(pooler: false);
        await WarmUpAsync();
        var starts = new List<TimeSpan>();
        for (var i = 0; i < 9; i++)
        {
            var since = TimeProvider.System.GetTimestamp();
            var id = await _front!.SubmitAsync("test.held");
            await _held.StartedAsync(id);
            starts.Add(TimeProvider.System.GetElapsedTime(since));
            _held.Release(id);
            await _front.WaitAsync(id);
        }

        // Without hints a worker that waits looks by itself after some seconds.
        output.WriteLine($"starts, ms after the submit was sent: {Text(starts)}");
        Assert.InRange(Median(starts), TimeSpan.Zero, TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public async Task Whoever_asks_now_here_now_there_never_sees_an_older_version()
    {
        await StartAsync(pooler: false);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await _front!.SubmitAsync("test.held"));

        await Task.WhenAll(ids.Select(async id =>
        {
            var (seen, asked, ended) = (0L, 0, false);
            for (; !ended; asked++)
            {
                var job = await (asked % 2 == 0 ? _front! : _back!).ReadAsync(id);
                var version = job.GetProperty("version").GetInt64();
                Assert.True(version >= seen, $"version {version} was shown after {seen}");
                seen = version;
                ended = job.GetProperty("done").GetBoolean();
                if (asked == 20) _held.Release(id);
            }
        }));
    }

    private async Task StartAsync(bool pooler)
    {
        if (pooler && PgBouncer.Program is not null) _pooler = await PgBouncer.StartAsync(_server);
        var store = new PostgreSqlStorageOptions { ConnectionString = _pooler?.ConnectionString ?? _server, Schema = _schema, Pooler = pooler };
        _back = await ApiNode.StartAsync(store, errand => errand.AddHandler(new JobType { Name = "test.held", MaxAttempts = 1 }, _ => _held));
        _front = await ApiNode.StartAsync(store);
    }

    /// <summary>Until a wait ends sooner than the poll under all waits explains, several times: each node then knows that the other one listens.</summary>
    private async Task WarmUpAsync()
    {
        for (var (tries, quick) = (0, 0); quick < 3; tries++)
        {
            Assert.True(tries < 50, "hints do not come through");
            var took = (await MeasureAsync(1, PollAsync))[0];
            quick = took < TimeSpan.FromMilliseconds(200) ? quick + 1 : 0;
        }
    }

    private async Task<string> PollAsync(string id) => (await _front!.WaitAsync(id)).GetProperty("status").GetString()!;

    private async Task<string> LastWordAsync(string id)
    {
        var word = "";
        await foreach (var change in _front!.WatchAsync(id)) word = change.GetProperty("job").GetProperty("status").GetString()!;
        return word;
    }

    /// <summary>From the moment that a handler may end, until those who wait on the other node are told.</summary>
    private async Task<List<TimeSpan>> MeasureAsync(int jobs, params Func<string, Task<string>>[] waits)
    {
        var took = new List<TimeSpan>();
        for (var i = 0; i < jobs; i++)
        {
            var id = await _front!.SubmitAsync("test.held");
            await _held.StartedAsync(id);
            var waiting = waits.Select(wait => wait(id)).ToList();
            await UntilWaitsAsync(id, waiting);
            var since = TimeProvider.System.GetTimestamp();
            _held.Release(id);
            Assert.All(await Task.WhenAll(waiting), word => Assert.Equal("succeeded", word));
            took.Add(TimeProvider.System.GetElapsedTime(since));
        }

        return took;
    }

    /// <summary>A read that was sent after the waits is answered: on loopback they have come, then, too.</summary>
    private async Task UntilWaitsAsync(string id, List<Task<string>> waiting)
    {
        for (var i = 0; i < 5; i++) await _front!.ReadAsync(id);
        Assert.All(waiting, wait => Assert.False(wait.IsCompleted, "the wait ended before the job"));
    }

    private static string Text(List<TimeSpan> all) => string.Join(' ', all.Select(one => (int)one.TotalMilliseconds));

    private static TimeSpan Median(List<TimeSpan> all) => all.Order().ElementAt(all.Count / 2);

    /// <summary>Runs until it is told to end.</summary>
    private sealed class Held : IJobHandler
    {
        private readonly ConcurrentDictionary<string, (TaskCompletionSource Started, TaskCompletionSource End)> _jobs = new(StringComparer.Ordinal);

        public Task StartedAsync(string id) => Of(id).Started.Task.WaitAsync(TimeSpan.FromSeconds(20));

        public void Release(string id) => Of(id).End.TrySetResult();

        public async ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken)
        {
            var (started, end) = Of(context.Head.Id.ToString());
            started.TrySetResult();
            await end.Task.WaitAsync(cancellationToken);
            return JobOutcome.Succeeded.Empty;
        }

        private (TaskCompletionSource Started, TaskCompletionSource End) Of(string id) => _jobs.GetOrAdd(
            id, _ => (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously)));
    }
}

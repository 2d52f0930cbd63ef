using Npgsql;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>
/// The server waits for a standby that never comes. What was committed on it alone must not be acknowledged, neither at once nor by a replay:
/// it is gone when the server fails over.
/// </summary>
public sealed class ReplicationTests(ReplicationTests.LonelyPrimary primary) : IClassFixture<ReplicationTests.LonelyPrimary>, IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly List<PostgreSqlStorage> _stores = [];

    public async ValueTask InitializeAsync() => await primary.StopWaitingAsync();

    public async ValueTask DisposeAsync()
    {
        await primary.StopWaitingAsync();
        foreach (var store in _stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task A_wait_that_is_cut_short_is_no_acknowledgement()
    {
        var (store, bench) = await OpenAsync();
        await primary.WaitForStandbysAsync();

        var submit = bench.SubmitAsync(1);
        await primary.CutWaitsShortAsync(until: submit);

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => submit);
        Assert.Equal(1, await primary.CountJobsAsync(store));
    }

    [Fact]
    public async Task A_replay_of_what_one_server_alone_has_waits_for_the_standbys()
    {
        var (store, bench) = await OpenAsync();
        var job = bench.Job();
        await primary.WaitForStandbysAsync();
        var first = SubmitAsync(store, job, Request());
        await primary.CutWaitsShortAsync(until: first);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => first);

        var byKey = SubmitAsync(store, bench.Job(), Request());
        await primary.IsWaitingAsync(unless: byKey);
        Assert.False(byKey.IsCompleted, "a replay that only reads acknowledges what a failover loses");
        await primary.StopWaitingAsync();
        Assert.Equal((BatchKind.Replayed, job.Head.Id), ((await byKey).Kind, (await byKey).Jobs[0].Head!.Id));

        await primary.WaitForStandbysAsync();
        var byId = SubmitAsync(store, job, null);
        await primary.IsWaitingAsync(unless: byId);
        Assert.False(byId.IsCompleted, "so does a job that is there already");
        await primary.StopWaitingAsync();
        Assert.Equal(SubmitKind.IdExists, (await byId).Jobs[0].Kind);
    }

    [Fact]
    public async Task A_time_out_leaves_the_server_waiting()
    {
        var (store, bench) = await OpenAsync(";Command Timeout=4");
        var job = bench.Job();
        await primary.WaitForStandbysAsync();

        var submit = SubmitAsync(store, job, null);
        await primary.IsWaitingAsync(unless: submit);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => submit);

        Assert.True(await primary.IsWaitingAsync(unless: null), "a cancel would have ended the wait and committed");
        Assert.Equal(0, await primary.CountJobsAsync(store));
    }

    [Fact]
    public async Task A_caller_who_goes_away_leaves_the_server_waiting()
    {
        var (store, bench) = await OpenAsync();
        await primary.WaitForStandbysAsync();
        using var gone = new CancellationTokenSource();

        var submit = store.Jobs.SubmitAsync(new JobBatch([bench.Job()], false, null, Noon), gone.Token).AsTask();
        await primary.IsWaitingAsync(unless: submit);
        await gone.CancelAsync();

        Assert.True(await primary.IsWaitingAsync(unless: submit));
        Assert.False(submit.IsCompleted);
        await primary.StopWaitingAsync();
        Assert.Equal(SubmitKind.Created, (await submit).Jobs[0].Kind);
    }

    [Fact]
    public async Task A_settle_whose_wait_is_cut_short_is_no_acknowledgement()
    {
        var (_, bench) = await OpenAsync();
        await bench.SubmitAsync(1);
        var claimed = await bench.ClaimAsync(1);
        await primary.WaitForStandbysAsync();

        var settle = bench.SettleAsync(claimed).AsTask();
        await primary.CutWaitsShortAsync(until: settle);

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => settle);
    }

    [Fact]
    public async Task A_change_that_was_made_before_is_answered_after_the_standbys_have_it()
    {
        var (store, _) = await OpenAsync();
        await primary.WaitForStandbysAsync();

        var again = store.Jobs.ApplyAsync([], default).AsTask();
        await primary.IsWaitingAsync(unless: again);
        Assert.False(again.IsCompleted, "a second cancel that only reads acknowledges what a failover loses");
        await primary.StopWaitingAsync();

        Assert.Empty(await again);
    }

    [Fact]
    public async Task A_beat_does_not_wait_for_standbys()
    {
        var (store, bench) = await OpenAsync();
        await primary.WaitForStandbysAsync();

        Assert.True((await store.Sessions.BeatAsync(bench.Session, Noon, Noon.AddSeconds(10), default)).Alive);
    }

    [Fact]
    public async Task Jobs_are_not_shown_while_the_standbys_are_away_and_are_again_when_they_are_back()
    {
        var (store, bench) = await OpenAsync();
        var job = bench.Job();
        await SubmitAsync(store, job, null);
        Assert.NotNull(await FindAsync(store, job));
        await primary.WaitForStandbysAsync();

        var shut = await UntilRefusedAsync(() => FindAsync(store, job));
        Assert.Equal(StorageFault.Unavailable, shut.Fault);
        Assert.Contains("may be lost in a failover", shut.Message, StringComparison.Ordinal);
        await UntilRefusedAsync(async () => (await store.Jobs.ListAsync(new JobQuery { Tenant = "default", AsOf = Noon }, default)).Jobs is [var one, ..] ? one : null);

        await primary.StopWaitingAsync();
        Assert.NotNull(await FindAsync(store, job));
    }

    [Fact]
    public async Task The_strict_mode_refuses_a_server_that_waits_for_nobody()
    {
        var refused = await Assert.ThrowsAsync<StorageException>(() => MigrateAsync(strict: true));

        Assert.Equal(StorageFault.NotWritable, refused.Fault);
        Assert.Contains("synchronous_standby_names is empty", refused.Message, StringComparison.Ordinal);
        await MigrateAsync(strict: false);
    }

    [Fact]
    public async Task A_server_that_acknowledges_before_the_disk_is_refused()
    {
        await primary.SetAsync("synchronous_commit", "off");
        var refused = await Assert.ThrowsAsync<StorageException>(() => MigrateAsync(strict: false));
        await primary.SetAsync("synchronous_commit", "local");
        var strict = await Assert.ThrowsAsync<StorageException>(() => MigrateAsync(strict: true));
        await primary.SetAsync("synchronous_commit", "on");

        Assert.Contains("synchronous_commit = off", refused.Message, StringComparison.Ordinal);
        Assert.Equal(StorageFault.NotWritable, strict.Fault);
    }

    private async Task<(PostgreSqlStorage Store, Workbench Bench)> OpenAsync(string settings = "")
    {
        var schema = TestServer.NewSchema();
        var store = new PostgreSqlStorage(new PostgreSqlStorageOptions
        {
            ConnectionString = primary.ConnectionString + settings,
            Schema = schema,
            ReadFence = TimeSpan.FromSeconds(2),
        });
        _stores.Add(store);
        primary.Note(store, schema);
        await store.Schema.MigrateAsync(Noon, default);
        var bench = await Workbench.OpenAsync(store, Noon);

        // The lane is made, so that the submit of the test has one commit to wait for.
        await bench.SubmitAsync(1);
        await bench.SettleAsync(await bench.ClaimAsync(1));
        var page = await store.Jobs.ListAsync(new JobQuery { Tenant = "default", AsOf = Noon }, default);
        await store.Retention.PurgeAsync(page.Jobs[0].Head.Key, tombstone: false, Noon, default);
        return (store, bench);
    }

    private async Task MigrateAsync(bool strict)
    {
        var options = new PostgreSqlStorageOptions
        {
            ConnectionString = primary.ConnectionString + ";Pooling=false",
            Schema = TestServer.NewSchema(),
            RequireSynchronousReplication = strict,
        };
        await using var store = new PostgreSqlStorage(options);
        await store.Schema.MigrateAsync(Noon, default);
    }

    private static async Task<Job?> FindAsync(PostgreSqlStorage store, NewJob job) => (await store.Jobs.FindAsync(job.Head.Key, JobParts.Status, default)).Job;

    private static async Task<StorageException> UntilRefusedAsync(Func<Task<Job?>> read)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var tries = 0; tries < 200; tries++)
        {
            if (await Record.ExceptionAsync(read) is StorageException refused) return refused;
            await timer.WaitForNextTickAsync();
        }

        throw new TimeoutException("Jobs are shown, although no commit of this node comes through.");
    }

    private static IdempotencyRecord Request() => new("default", new byte[32], new byte[32], Noon.AddDays(1));

    private static async Task<BatchOutcome> SubmitAsync(PostgreSqlStorage store, NewJob job, IdempotencyRecord? request) =>
        await store.Jobs.SubmitAsync(new JobBatch([job], false, request, Noon), default);

    /// <summary>A server that can be told to wait for a standby that is not there.</summary>
    public sealed class LonelyPrimary : IAsyncLifetime
    {
        private readonly Dictionary<PostgreSqlStorage, string> _schemas = [];
        private Cluster? _cluster;

        public string ConnectionString => _cluster!.ConnectionString;

        public async ValueTask InitializeAsync()
        {
            if (Cluster.Programs is not null) _cluster = await Cluster.StartAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (_cluster is not null) await _cluster.DisposeAsync();
        }

        /// <summary>How many jobs are committed, seen past the fence.</summary>
        public async Task<long> CountJobsAsync(PostgreSqlStorage store) => (long)(await AskAsync($"SELECT count(*) FROM {_schemas[store]}.jobs"))!;

        public void Note(PostgreSqlStorage store, string schema) => _schemas[store] = schema;

        public Task WaitForStandbysAsync() => SetAsync("synchronous_standby_names", "nobody");

        public Task StopWaitingAsync() => SetAsync("synchronous_standby_names", "");

        /// <summary>Returns when every new transaction sees it.</summary>
        public async Task SetAsync(string name, string value)
        {
            TestServer.SkipWithoutPrograms();
            await _cluster!.SetAsync($"{name} = '{value}'");
            await UntilAsync(async () => (string)(await AskAsync($"SELECT current_setting('{name}')"))! == value, unless: null);
            if (value.Length == 0) await UntilAsync(async () => !await WaitsAsync(), unless: null);
        }

        /// <summary>True once a commit waits; false when the task ended first.</summary>
        public Task<bool> IsWaitingAsync(Task? unless) => UntilAsync(WaitsAsync, unless);

        /// <summary>Cancels waits as an operator, a time-out or a client would, until the task is over.</summary>
        public async Task CutWaitsShortAsync(Task until)
        {
            await UntilAsync(
                async () =>
                {
                    await AskAsync("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
                    return until.IsCompleted;
                },
                unless: until);
        }

        private async Task<bool> WaitsAsync() => (long)(await AskAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))! > 0;

        private static async Task<bool> UntilAsync(Func<Task<bool>> holds, Task? unless)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            for (var tries = 0; tries < 3_000; tries++)
            {
                if (await holds()) return true;
                if (unless is { IsCompleted: true }) return false;
                await timer.WaitForNextTickAsync();
            }

            throw new TimeoutException("The server did not come to the state that was waited for.");
        }

        private async Task<object?> AskAsync(string text)
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(text, connection);
            return await command.ExecuteScalarAsync();
        }
    }
}

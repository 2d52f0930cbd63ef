using System.Collections.Concurrent;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>The primary is killed and a standby promoted, under load: the store finds it by its list of hosts, and nothing acknowledged is gone.</summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentDictionary<JobId, bool> _acknowledged = new();
    private int _unknown;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_primary_is_killed()
    {
        TestServer.SkipWithoutPrograms();
        await using var primary = await Cluster.StartAsync("synchronous_standby_names = '*'", "synchronous_commit = local");
        await using var standby = await primary.StartStandbyAsync();
        await primary.SetAsync("synchronous_commit = on");
        await standby.SetAsync("synchronous_standby_names = ''");
        await using var store = new PostgreSqlStorage(new PostgreSqlStorageOptions
        {
            ConnectionString = $"Host=127.0.0.1:{primary.Port},127.0.0.1:{standby.Port};Database=postgres;Username=postgres;Target Session Attributes=any",
            RequireSynchronousReplication = true,
        });
        await OpenAsync(store);
        var bench = await Workbench.OpenAsync(store, Noon);
        await bench.SubmitAsync(3, "held");
        var held = await bench.ClaimAsync(3, "held");
        using var done = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(() => SubmitAsync(store, bench, done.Token))).ToArray();
        await UntilAcknowledgedAsync(100);

        await primary.KillAsync();
        var killed = TimeProvider.System.GetTimestamp();
        await standby.PromoteAsync();
        await UntilAcknowledgedAsync(_acknowledged.Count + 10);
        var gap = TimeProvider.System.GetElapsedTime(killed);
        await UntilAcknowledgedAsync(_acknowledged.Count + 100);
        await done.CancelAsync();
        await Task.WhenAll(load);

        foreach (var id in _acknowledged.Keys) Assert.NotNull((await store.Jobs.FindAsync(new JobKey("default", id), JobParts.Status, default)).Job);
        Assert.All(await bench.SettleAsync(held), settled => Assert.Equal(ChangeOutcome.Applied, settled));
        output.WriteLine(
            $"{_acknowledged.Count} jobs acknowledged, 0 lost, {_unknown} outcomes unknown and sent again; acknowledged again {gap.TotalSeconds:0.00} s after the kill");
    }

    private static async Task OpenAsync(PostgreSqlStorage store)
    {
        // The settings take effect a moment after they are written.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var tries = 1; ; tries++)
        {
            try
            {
                await store.Schema.MigrateAsync(Noon, default);
                return;
            }
            catch (StorageException) when (tries < 100)
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }

    private async Task SubmitAsync(PostgreSqlStorage store, Workbench bench, CancellationToken done)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!done.IsCancellationRequested)
        {
            var job = bench.Job();
            while (!await IsAcceptedAsync(store, job)) await timer.WaitForNextTickAsync(CancellationToken.None);
            _acknowledged[job.Head.Id] = true;
        }
    }

    /// <summary>False when it must be sent again, with the same id.</summary>
    private async Task<bool> IsAcceptedAsync(PostgreSqlStorage store, NewJob job)
    {
        try
        {
            var outcome = await store.Jobs.SubmitAsync(new JobBatch([job], false, null, Noon), default);
            return Assert.Single(outcome.Jobs).Kind is SubmitKind.Created or SubmitKind.IdExists;
        }
        catch (OutcomeUnknownException)
        {
            Interlocked.Increment(ref _unknown);
            return false;
        }
        catch (StorageException)
        {
            return false;
        }
    }

    private async Task UntilAcknowledgedAsync(int jobs)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var tries = 0; _acknowledged.Count < jobs; tries++)
        {
            Assert.True(tries < 6_000, $"{_acknowledged.Count} of {jobs} jobs are acknowledged");
            await timer.WaitForNextTickAsync();
        }
    }
}

using Errand.Retries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Errand.Hosting;

public sealed class HostTests
{
    [Fact]
    public async Task A_host_runs_the_engine_and_drains_before_it_stops()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddErrand().UseMemory();
        using var host = builder.Build();
        var health = host.Services.GetRequiredService<IErrandHealth>();
        Assert.False(health.Started);
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.True(health.Started);
        Assert.Equal(Storage.StorageStatus.Healthy, (await health.CheckAsync()).Status);
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(health.Draining);
    }

    [Fact]
    public async Task A_host_that_failed_to_start_and_is_disposed_leaves_no_sweep_behind()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddErrand().UseMemory();
        var sweep = new PatientSweep();
        builder.Services.AddSingleton<ISweep>(sweep).AddHostedService<FailsToStart>();
        var host = builder.Build();
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        await sweep.Begun.Task;

        await ((IAsyncDisposable)host).DisposeAsync();

        Assert.True(sweep.Ended, "the store was closed under a sweep that still ran");
    }

    private sealed class FailsToStart : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("the port is taken");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>A sweep that only ends when it is told to.</summary>
    private sealed class PatientSweep : ISweep
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Ended { get; private set; }

        public string Name => "test";

        public TimeSpan Every => TimeSpan.FromSeconds(1);

        public async ValueTask SweepAsync(CancellationToken cancellationToken)
        {
            Begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Ended = true;
        }
    }

    [Fact]
    public void A_host_without_a_store_says_which_line_is_missing()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddErrand();
        using var host = builder.Build();
        var missing = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IJobClients>());
        Assert.Contains("AddErrand().UseSqlite", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_option_is_reported_at_once()
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => Engine.StartAsync(options: options =>
        {
            options.BeatEvery = TimeSpan.FromSeconds(10);
            options.OutstandingSubmits = 0;
            options.OutputQuotaPerTenant = -1;
            options.SlowStart = TimeSpan.FromHours(1);
            options.SlowStartFrom = 0;
        }));
        Assert.Equal(5, wrong.Failures.Count());
    }

    [Fact]
    public async Task Every_wrong_type_is_reported_at_once()
    {
        JobType[] types =
        [
            new JobType { Name = "Bad Name" }, new JobType { Name = "a", MaxAttempts = 0, Queue = "?" }, new JobType { Name = "b", Aliases = ["a"] },
        ];
        var wrong = await Assert.ThrowsAsync<InvalidOperationException>(() => Engine.StartAsync(types));
        Assert.Equal(4, wrong.Message.Split("\n- ").Length - 1);
    }

    [Fact]
    public void Retries_back_off_with_full_jitter_up_to_an_hour()
    {
        var policy = new ExponentialRetryPolicy(new Random(1));
        var head = new JobHead { Tenant = "t", Id = default, Type = "work", Queue = "default", Owner = "a", CreatedAt = default };
        foreach (var (failures, most) in ((int, double)[])[(1, 2), (2, 4), (5, 32), (12, 3_600), (1_000, 3_600)])
        {
            var delays = Enumerable.Range(0, 500).Select(_ => policy.DelayAfter(head, failures).TotalSeconds).ToList();
            Assert.InRange(delays.Max(), most * 0.9, most);
            Assert.InRange(delays.Min(), 0, most * 0.1);
        }
    }
}

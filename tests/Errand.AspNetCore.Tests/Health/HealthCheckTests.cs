using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Errand.AspNetCore.Tests;

public sealed class HealthCheckTests
{
    [Fact]
    public async Task The_apps_report_tells_store_workers_and_waiting_jobs_apart()
    {
        await using var host = await StartAsync(withWorker: true);
        var report = await ReportAsync(host);
        Assert.Equal(["errand", "errand-store", "errand-work"], report.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.All(report.Entries.Values, entry => Assert.Equal(HealthStatus.Healthy, entry.Status));
        Assert.Equal("Healthy", await host.As(null).GetStringAsync(new Uri(host.Address, "/health/ready")));
    }

    [Fact]
    public async Task Without_a_worker_it_is_degraded_and_says_so_unless_none_is_expected()
    {
        await using var host = await StartAsync(withWorker: false);
        var work = (await ReportAsync(host)).Entries["errand-work"];
        Assert.Equal(HealthStatus.Degraded, work.Status);
        Assert.Contains("No worker lives", work.Description, StringComparison.Ordinal);

        await using var other = await StartAsync(withWorker: false, o => o.NeedsWorker = false);
        Assert.Equal(HealthStatus.Healthy, (await ReportAsync(other)).Status);
    }

    [Fact]
    public async Task A_job_that_waits_too_long_is_told_by_its_queue_and_its_thresholds()
    {
        await using var host = await StartAsync(withWorker: false, o =>
        {
            o.NeedsWorker = false;
            o.WaitingDegraded = TimeSpan.FromMinutes(1);
            o.WaitingUnhealthy = TimeSpan.FromMinutes(10);
        });
        await host.As().SubmitAsync("""{"type":"test.later"}""");
        Assert.Equal(HealthStatus.Healthy, (await ReportAsync(host)).Status);

        ((FakeTimeProvider)host.Time).Advance(TimeSpan.FromMinutes(2));
        var work = (await ReportAsync(host)).Entries["errand-work"];
        Assert.Equal(HealthStatus.Degraded, work.Status);
        Assert.Contains("queue 'later' has been due for 120 seconds", work.Description, StringComparison.Ordinal);

        ((FakeTimeProvider)host.Time).Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(HealthStatus.Unhealthy, (await ReportAsync(host)).Status);
        Assert.Equal("Healthy", await host.As(null).GetStringAsync(new Uri(host.Address, "/health/ready")));
    }

    private static Task<ApiServer> StartAsync(bool withWorker, Action<ErrandHealthCheckOptions>? configure = null) => ApiServer.StartAsync(new ApiServer
    {
        WithWorker = withWorker,
        Time = withWorker ? TimeProvider.System : new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(57)),
        ConfigureServices = services => services.AddHealthChecks().AddErrand(configure),
        ConfigureApp = app => app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") }),
    });

    // The worker opens its session just after the start.
    private static async Task<HealthReport> ReportAsync(ApiServer host)
    {
        var checks = host.App.Services.GetRequiredService<HealthCheckService>();
        if (host.WithWorker) await WorkerAsync(host);
        return await checks.CheckHealthAsync();
    }

    private static async Task WorkerAsync(ApiServer host)
    {
        var client = host.As();
        await client.RunAsync("""{"type":"test.echo"}""");
    }
}

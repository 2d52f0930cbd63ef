using System.Net;
using Errand.Storage;

using Microsoft.Extensions.DependencyInjection;

namespace Errand.AspNetCore.Tests;

public sealed class HealthTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/startupz")]
    public async Task A_healthy_server_says_so_to_everyone_and_nothing_more(string path)
    {
        var answer = await server.As(null).FetchAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal("Healthy", await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await server.As(null).SayAsync("HEAD", path)).StatusCode);
    }

    [Fact]
    public async Task A_server_whose_store_is_ill_is_alive_and_not_ready_and_tells_admins_why()
    {
        var health = new IllHealth();
        await using var host = await ApiServer.StartAsync(new ApiServer { WithWorker = false, ConfigureServices = s => s.AddSingleton<IErrandHealth>(health) });
        health.Ill = true;

        Assert.Equal(HttpStatusCode.OK, (await host.As(null).FetchAsync("/livez")).StatusCode);
        var ready = await host.As(null).FetchAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("Unhealthy", await ready.Content.ReadAsStringAsync());
        Assert.Equal("Unhealthy", await (await host.As().FetchAsync("/readyz")).Content.ReadAsStringAsync());
        Assert.Equal("Unhealthy\nThe disk is on fire.", await (await host.As("boss").FetchAsync("/readyz")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_server_that_stops_takes_nothing_new()
    {
        var health = new IllHealth();
        await using var host = await ApiServer.StartAsync(new ApiServer { WithWorker = false, ConfigureServices = s => s.AddSingleton<IErrandHealth>(health) });
        health.Draining = true;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.As(null).FetchAsync("/readyz")).StatusCode);
        var refused = await host.As().PostAsync("jobs", """{"type":"test.later"}""");
        Assert.Equal("2", refused.Header("Retry-After"));
        await Task.FromResult(refused).ProblemAsync(503, "draining");
        Assert.Equal(HttpStatusCode.OK, (await host.As().FetchAsync("jobs")).StatusCode);
    }

    [Fact]
    public async Task Security_txt_names_the_contact_and_an_end()
    {
        await using var host = await ApiServer.StartAsync(new ApiServer { WithWorker = false, Configure = o => o.SecurityContact = "mailto:security@example.com" });

        var text = await (await host.As(null).FetchAsync("/.well-known/security.txt")).Content.ReadAsStringAsync();
        Assert.Matches(@"^Contact: mailto:security@example\.com\nExpires: \d{4}-\d\d-\d\dT[\d:.]+Z\n", text);
        Assert.Equal(HttpStatusCode.NotFound, (await server.As(null).FetchAsync("/.well-known/security.txt")).StatusCode);
    }

    private sealed class IllHealth : IErrandHealth
    {
        public bool Ill { get; set; }

        public bool Started => true;

        public bool Draining { get; set; }

        public ValueTask<StorageHealth> CheckAsync(CancellationToken cancellationToken = default) => Ill
            ? throw new StorageException(StorageFault.Unavailable, "The disk is on fire.")
            : new(new StorageHealth(StorageStatus.Healthy, [], 1, AcceptsSubmits: true, new Dictionary<string, long>()));
    }
}

using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Errand.AspNetCore.Tests;

public sealed class RateLimitTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
    private readonly ApiServer server;

    public RateLimitTests() => server = new ApiServer
    {
        Time = time,
        WithWorker = false,
        Configure = api =>
        {
            api.RateLimits.Add(new RateLimitPolicy("default", 2, TimeSpan.FromMinutes(1)));
            api.RateLimits.Add(new RateLimitPolicy("bobs", 1, TimeSpan.FromMinutes(1)) { Subjects = ["bob"], Applies = RateLimitScope.Reads });
            api.RateLimits.Add(new RateLimitPolicy("elsewhere", 1, TimeSpan.FromMinutes(1)) { Wire = "zendesk" });
        },
    };

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Answers_tell_what_is_left_and_one_too_many_is_refused_until_the_window_ends()
    {
        var client = server.As("ada");
        var first = await client.FetchAsync("stats");
        time.Advance(TimeSpan.FromSeconds(10));
        var second = await client.FetchAsync("stats");
        var third = client.FetchAsync("stats");

        Assert.Equal("\"default\";q=2;w=60", first.Header("RateLimit-Policy"));
        Assert.Equal("\"default\";r=1;t=60", first.Header("RateLimit"));
        Assert.Equal("\"default\";r=0;t=50", second.Header("RateLimit"));
        var problem = await third.ProblemAsync(429, "quota_exceeded");
        Assert.Equal("default", (string?)problem["violatedPolicies"]?[0] ?? (string?)problem["violated-policies"]?[0]);
        Assert.Equal("\"default\";r=0;t=50", (await third).Header("RateLimit"));
        Assert.InRange((await third).Headers.RetryAfter!.Delta!.Value.TotalSeconds, 50, 56);
        time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(HttpStatusCode.OK, (await client.FetchAsync("stats")).StatusCode);
    }

    [Fact]
    public async Task Callers_are_counted_apart_and_a_named_one_by_its_own_limit()
    {
        var bob = server.As("bob");
        Assert.Equal("\"bobs\";r=0;t=60", (await bob.FetchAsync("stats")).Header("RateLimit"));
        await bob.FetchAsync("stats").ProblemAsync(429, "quota_exceeded");
        Assert.Null((await bob.PostAsync("jobs", """{"type":"test.echo"}""")).Header("RateLimit"));
        Assert.Equal("\"default\";r=1;t=60", (await server.As("boss").FetchAsync("stats")).Header("RateLimit"));
    }

    [Fact]
    public async Task The_limit_comes_after_the_credentials_and_before_the_scope()
    {
        var client = server.As("none");
        await client.FetchAsync("stats").ProblemAsync(403, "insufficient_scope");
        var refused = await client.FetchAsync("stats");
        Assert.Equal("\"default\";r=0;t=60", refused.Header("RateLimit"));
        await client.FetchAsync("stats").ProblemAsync(429, "quota_exceeded");
        await server.As(null).FetchAsync("stats").ProblemAsync(401, "unauthenticated");
    }
}

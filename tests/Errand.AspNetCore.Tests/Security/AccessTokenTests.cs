using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Errand.AspNetCore.Tests;

public sealed class AccessTokenTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_tokens_text_shows_what_it_is_and_is_nowhere_kept()
    {
        var created = await server.Tokens.CreateAsync(new NewToken("zoe"));
        var kept = (await server.Tokens.ListAsync()).Single(t => t.Id == created.Stored.Id);

        Assert.Matches("^errand_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$", created.Text);
        Assert.Equal(32, kept.SecretHash.Length);
        Assert.Equal("default", kept.Tenant);
        var principal = await server.Tokens.AuthenticateAsync(created.Text);
        Assert.Equal(ErrandScopes.Default.Order(), principal!.Scopes.Order());
    }

    [Fact]
    public async Task Anything_but_the_exact_text_is_refused()
    {
        var text = server.TokenOf("ada");
        var changed = text[..^1] + (text[^1] == 'A' ? 'B' : 'A');
        foreach (var bad in (string[])[changed, text + "x", text[..^1], "errand_", "errand_0123456789abcdef_", text.Replace("errand_", "", StringComparison.Ordinal), new string('x', 5000)])
        {
            Assert.Null(await server.Tokens.AuthenticateAsync(bad));
            var client = server.As(null);
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {bad}");
            await client.FetchAsync("stats").ProblemAsync(401, "unauthenticated");
        }
    }

    [Theory]
    [InlineData("Basic YTpi")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    public async Task Other_schemes_are_refused(string header)
    {
        var client = server.As(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);

        await client.FetchAsync("stats").ProblemAsync(401, "unauthenticated");
    }

    [Fact]
    public async Task The_scheme_is_read_in_any_case_and_two_tokens_are_none()
    {
        var client = server.As(null);
        Assert.Equal(HttpStatusCode.OK, (await client.FetchAsync("stats", ("Authorization", $"bearer {server.TokenOf("ada")}"))).StatusCode);
        await client.FetchAsync("stats", ("Authorization", $"Bearer {server.TokenOf("ada")}"), ("Authorization", $"Bearer {server.TokenOf("boss")}"))
            .ProblemAsync(401, "unauthenticated");
    }

    [Fact]
    public async Task A_revoked_token_ends_at_once_here_and_within_a_second_elsewhere()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        await using var host = await ApiServer.StartAsync(new ApiServer { Time = time, WithWorker = false });
        var here = await host.Tokens.CreateAsync(new NewToken("here"));
        var there = await host.Tokens.CreateAsync(new NewToken("there"));
        Assert.NotNull(await host.Tokens.AuthenticateAsync(here.Text));
        Assert.NotNull(await host.Tokens.AuthenticateAsync(there.Text));

        Assert.True(await host.Tokens.RevokeAsync(here.Stored.Id));
        Assert.Null(await host.Tokens.AuthenticateAsync(here.Text));

        // Another process writes to the store and knows nothing of this one's cache.
        Assert.True(await new AccessTokens(host.Storage, time).RevokeAsync(there.Stored.Id));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await host.Tokens.AuthenticateAsync(there.Text));
    }

    [Fact]
    public async Task A_token_ends_when_it_says()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        await using var host = await ApiServer.StartAsync(new ApiServer { Time = time, WithWorker = false });
        var token = await host.Tokens.CreateAsync(new NewToken("brief") { ExpiresAt = time.GetUtcNow().AddMinutes(1) });

        Assert.NotNull(await host.Tokens.AuthenticateAsync(token.Text));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await host.Tokens.AuthenticateAsync(token.Text));
    }

    [Fact]
    public async Task A_misspelt_scope_is_refused_with_the_right_one()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await server.Tokens.CreateAsync(new NewToken("x") { Scopes = ["jobs.submt"] }));

        Assert.Contains("Did you mean 'jobs.submit'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_admin_role_gives_everything_and_vendor_scopes_nothing_here()
    {
        var admin = await server.Tokens.AuthenticateAsync((await server.Tokens.CreateAsync(new NewToken("root") { Roles = ["admin"] })).Text);
        var vendor = await server.Tokens.AuthenticateAsync((await server.Tokens.CreateAsync(new NewToken("v") { Scopes = ["file:read", "data_tables|r"] })).Text);

        Assert.True(admin!.Has(ErrandScopes.ManageQueues));
        Assert.True(admin.Caller.SeesAll);
        Assert.All(ErrandScopes.All, scope => Assert.False(vendor!.Has(scope)));
    }

    [Fact]
    public async Task The_tokens_are_a_scheme_for_the_apps_own_endpoints()
    {
        await using var host = await ApiServer.StartAsync(new ApiServer
        {
            WithWorker = false,
            ConfigureServices = services =>
            {
                services.AddAuthentication().AddErrandTokens();
                services.AddAuthorization();
            },
            ConfigureApp = app => app.MapGet("/own", (System.Security.Claims.ClaimsPrincipal user) => $"{user.Identity!.Name} of {user.FindFirst("tenant")!.Value}")
                .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = ErrandAuthentication.Scheme }),
        });

        Assert.Equal("ada of acme", await (await host.As().FetchAsync("/own")).Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.As(null).FetchAsync("/own")).StatusCode);
    }
}

using System.Security.Cryptography;
using Errand.AspNetCore;
using Microsoft.Extensions.Options;

namespace Errand.OAuth.Tests;

/// <summary>Tokens of an OpenID provider elsewhere in place of one's own.</summary>
public sealed class ProviderTests : IAsyncLifetime
{
    private const string Unknown = "00000000000000000000000000000000";
    private FakeProvider provider = null!;
    private OAuthNode node = null!;

    public async ValueTask InitializeAsync()
    {
        provider = await FakeProvider.StartAsync();
        node = await OAuthNode.StartAsync(new OAuthNode
        {
            OAuth = oauth => oauth.Provider = new ExternalProvider(provider.Address, "jobs-api") { TenantClaim = "org" },
            Identity = identity => identity.Clients.Add(new ConfiguredClient("reports") { Tenant = "acme", Scopes = ["jobs.read", "jobs.submit"], Roles = ["curator"] }),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await provider.DisposeAsync();
    }

    [Fact]
    public async Task A_token_for_us_is_taken_with_the_scopes_that_it_names()
    {
        Assert.Equal(200, await node.StatusAsync(Sign(new() { ["sub"] = "ada", ["scope"] = "openid jobs.read" })));
        Assert.Equal(200, await node.StatusAsync(Sign(new() { ["sub"] = "ada", ["scp"] = "jobs.read" })));
        Assert.Equal(403, await node.StatusAsync(Sign(new() { ["sub"] = "ada", ["scope"] = "openid jobs.submit" })));
        Assert.Equal(403, await node.StatusAsync(Sign(new() { ["sub"] = "ada" })));
        Assert.Equal(401, await node.StatusAsync(Sign(new() { ["scope"] = "jobs.read" })));
        Assert.Equal(404, await node.StatusAsync(Sign(new() { ["sub"] = "ada", ["scope"] = "jobs.read", ["roles"] = new[] { "curator", "other" } }), $"/webapi/v3/jobs/{Unknown}/messages"));
    }

    [Fact]
    public async Task The_claim_of_the_tenant_is_the_wall()
    {
        var scopes = "jobs.read jobs.submit jobs.read.all";
        var acme = Sign(new() { ["sub"] = "ada", ["scope"] = scopes, ["org"] = "acme" });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = new StringContent("""{"type":"test.any"}""", System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", acme);
        using var response = await node.Http.SendAsync(request, Stop);
        var job = response.Headers.GetValues("Operation-Location").Single();

        Assert.Equal(200, await node.StatusAsync(acme, job));
        Assert.Equal(200, await node.StatusAsync(Sign(new() { ["sub"] = "bob", ["scope"] = scopes, ["org"] = "acme" }), job));
        Assert.Equal(404, await node.StatusAsync(Sign(new() { ["sub"] = "ada", ["scope"] = scopes, ["org"] = "umbrella" }), job));
        Assert.Equal(404, await node.StatusAsync(Sign(new() { ["sub"] = "ada", ["scope"] = scopes }), job));
    }

    [Theory]
    [InlineData("client_id")]
    [InlineData("azp")]
    [InlineData("appid")]
    [InlineData("sub")]
    public async Task A_client_that_is_named_here_has_what_is_said_of_it_here_at_most(string claim)
    {
        Dictionary<string, object> Claims(string? scope)
        {
            var claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = "7f0c" };
            claims[claim] = "reports";
            if (scope is not null) claims["scope"] = scope;
            return claims;
        }

        Assert.Equal(200, await node.StatusAsync(Sign(Claims(null))));
        Assert.Equal(404, await node.StatusAsync(Sign(Claims(null)), $"/webapi/v3/jobs/{Unknown}/messages"));
        Assert.Equal(403, await node.StatusAsync(Sign(Claims("jobs.admin"))));
        Assert.Equal(403, await node.StatusAsync(Sign(Claims("jobs.submit"))));
    }

    [Fact]
    public async Task A_client_that_was_revoked_here_is_refused_within_a_second_whatever_the_provider_says()
    {
        await node.Clients.CreateAsync(new NewClient("worker"), Stop);
        var token = Sign(new() { ["sub"] = "worker", ["scope"] = "jobs.read" });
        Assert.Equal(200, await node.StatusAsync(token));

        await node.Clients.RevokeAsync("worker", Stop);

        Assert.Equal(401, await node.StatusAsync(token));
    }

    [Fact]
    public async Task What_is_not_for_us_not_of_the_provider_or_over_is_refused()
    {
        using var other = RSA.Create(2048);
        Dictionary<string, object> claims = new(StringComparer.Ordinal) { ["sub"] = "ada", ["scope"] = "jobs.read" };
        var now = node.Time.GetUtcNow();

        Assert.Equal(401, await node.StatusAsync(provider.Sign(now, claims, audience: "another-api")));
        Assert.Equal(401, await node.StatusAsync(provider.Sign(now, claims, issuer: "https://evil.example.com/")));
        Assert.Equal(401, await node.StatusAsync(provider.Sign(now, claims, with: other)));
        Assert.Equal(401, await node.StatusAsync(provider.Sign(now.AddHours(-1), claims)));
        Assert.Equal(401, await node.StatusAsync(provider.Sign(now.AddHours(1), claims)));
        var brief = provider.Sign(now, claims);
        Assert.Equal(200, await node.StatusAsync(brief));
        node.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(401, await node.StatusAsync(brief));
    }

    [Fact]
    public async Task Our_own_issuer_is_gone_and_its_tokens_are_refused()
    {
        await using var own = await OAuthNode.StartAsync(new OAuthNode { Storage = node.Storage, Time = node.Time });
        var secret = (await own.Clients.CreateAsync(new NewClient("ci"), Stop)).Text;
        var token = await own.TokenAsync("ci", secret);

        Assert.Equal(401, await node.StatusAsync(token));
        using var gone = await node.Http.PostAsync(new Uri("/oauth2/token", UriKind.Relative), OAuthNode.Form("ci", secret), Stop);
        Assert.Equal(404, (int)gone.StatusCode);
        Assert.Contains(provider.Address.AbsoluteUri, await node.Http.GetStringAsync(new Uri("/.well-known/oauth-protected-resource", UriKind.Relative), Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_cannot_be_reached_is_our_trouble_and_not_the_callers()
    {
        var token = Sign(new() { ["sub"] = "ada", ["scope"] = "jobs.read" });
        await provider.DisposeAsync();

        Assert.Equal(503, await node.StatusAsync(token));
        Assert.Equal(503, await node.StatusAsync(token, $"/platform/v1/operations/{Unknown}"));
    }

    [Theory]
    [InlineData("http://id.example.com/", "jobs-api", "https")]
    [InlineData("https://id.example.com/", "", "audience")]
    public async Task What_cannot_work_is_told_at_the_start(string authority, string audience, string told)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => OAuthNode.StartAsync(new OAuthNode
        {
            OAuth = oauth =>
            {
                oauth.Provider = new ExternalProvider(new Uri(authority), audience);
                oauth.TokenLifetime = TimeSpan.FromSeconds(1);
            },
        }));

        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, refused.Failures.Count());
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Sign(Dictionary<string, object> claims) => provider.Sign(node.Time.GetUtcNow(), claims);
}

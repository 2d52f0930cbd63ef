using System.Text.Json.Nodes;
using Errand.AspNetCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Errand.OAuth.Tests;

/// <summary>What everybody may know: addresses and public keys. And what nobody can make of them.</summary>
public sealed class DiscoveryTests : IAsyncLifetime
{
    private OAuthNode node = null!;
    private string secret = "";

    public async ValueTask InitializeAsync()
    {
        node = await OAuthNode.StartAsync(new OAuthNode());
        secret = (await node.Clients.CreateAsync(new NewClient("ci") { Tenant = "acme" }, Stop)).Text;
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    public async Task The_document_leads_to_the_token_address_and_to_keys_that_prove_tokens(string path)
    {
        var document = await GetAsync(node, path);
        Assert.Equal(node.Address.AbsoluteUri, (string)document["issuer"]!);
        Assert.Equal(new Uri(node.Address, "/oauth2/token").AbsoluteUri, (string)document["token_endpoint"]!);
        Assert.Equal(["client_credentials"], document["grant_types_supported"]!.AsArray().Select(item => (string)item!));
        Assert.Equal(ErrandScopes.All, document["scopes_supported"]!.AsArray().Select(item => (string)item!));
        Assert.Equal(["client_secret_basic", "client_secret_post"], document["token_endpoint_auth_methods_supported"]!.AsArray().Select(item => (string)item!).Order(StringComparer.Ordinal));

        var keys = await node.Http.GetStringAsync(new Uri((string)document["jwks_uri"]!), Stop);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(await node.TokenAsync("ci", secret), new TokenValidationParameters
        {
            IssuerSigningKeys = new JsonWebKeySet(keys).GetSigningKeys(),
            ValidIssuer = (string)document["issuer"]!,
            ValidAudience = "errand",
            ValidTypes = ["at+jwt"],
            ValidAlgorithms = ["RS256"],
            ValidateLifetime = false,
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal("ci", result.Claims["sub"]);
        Assert.Equal("ci", result.Claims["client_id"]);
        Assert.Equal("acme", result.Claims["tenant"]);
        Assert.Equal("jobs.submit jobs.read jobs.cancel", result.Claims["scope"]);
        Assert.DoesNotContain("\"d\"", keys, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_proxy_the_public_address_is_named()
    {
        await using var behind = await OAuthNode.StartAsync(new OAuthNode { Api = api => api.PublicBaseUrl = new Uri("https://jobs.example.com/errand") });
        var document = await GetAsync(behind, "/.well-known/oauth-authorization-server");

        Assert.Equal("https://jobs.example.com/errand", (string)document["issuer"]!);
        Assert.Equal("https://jobs.example.com/errand/oauth2/token", (string)document["token_endpoint"]!);
        Assert.Equal("https://jobs.example.com/errand/.well-known/jwks", (string)document["jwks_uri"]!);
        Assert.Equal("https://jobs.example.com/errand", (string)(await GetAsync(behind, "/.well-known/oauth-protected-resource"))["authorization_servers"]![0]!);
    }

    [Fact]
    public async Task The_resource_names_who_gives_tokens()
    {
        var document = await GetAsync(node, "/.well-known/oauth-protected-resource");

        Assert.Equal(node.Address.AbsoluteUri, (string)document["resource"]!);
        Assert.Equal(node.Address.AbsoluteUri, (string)document["authorization_servers"]![0]!);
    }

    [Fact]
    public async Task What_was_not_signed_here_is_refused()
    {
        var token = await node.TokenAsync("ci", secret);
        var parts = token.Split('.');
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        var claims = new JsonWebToken(token).Claims.ToDictionary(claim => claim.Type, claim => (object)claim.Value, StringComparer.Ordinal);
        claims["exp"] = node.Time.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds();
        claims.Remove("iat");
        var publicKey = new JsonWebKeySet(await node.Http.GetStringAsync(new Uri(node.Address, "/.well-known/jwks"), Stop)).Keys.Single();
        string Forge(SigningCredentials? signature) => handler.CreateToken(new SecurityTokenDescriptor { Claims = claims, TokenType = "at+jwt", SigningCredentials = signature });

        using var other = System.Security.Cryptography.RSA.Create(2048);
        Assert.Equal(200, await node.StatusAsync(token));
        Assert.Equal(401, await node.StatusAsync(Forge(null)));
        Assert.Equal(401, await node.StatusAsync(Forge(new SigningCredentials(new RsaSecurityKey(other) { KeyId = publicKey.KeyId }, "RS256"))));
        // The oldest trick: the public key, known to all, taken as the secret of an HMAC.
        Assert.Equal(401, await node.StatusAsync(Forge(new SigningCredentials(new SymmetricSecurityKey(Base64UrlEncoder.DecodeBytes(publicKey.N)) { KeyId = publicKey.KeyId }, "HS256"))));
        Assert.Equal(401, await node.StatusAsync($"{parts[0]}.{parts[1]}.{parts[2][..^6]}AAAAAA"));
        Assert.Equal(401, await node.StatusAsync($"{parts[0]}.{parts[1]}."));
        Assert.Equal(401, await node.StatusAsync(".."));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<JsonObject> GetAsync(OAuthNode from, string path) =>
        JsonNode.Parse(await from.Http.GetStringAsync(new Uri(path, UriKind.Relative), Stop))!.AsObject();
}

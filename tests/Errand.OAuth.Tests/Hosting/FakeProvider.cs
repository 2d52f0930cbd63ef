using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Errand.OAuth.Tests;

/// <summary>An OpenID provider of another make: its discovery, its keys and whatever tokens a test wants of it.</summary>
public sealed class FakeProvider : IAsyncDisposable
{
    private readonly RSA key = RSA.Create(2048);
    private WebApplication? app;

    public Uri Address { get; private set; } = null!;

    public static async Task<FakeProvider> StartAsync()
    {
        var provider = new FakeProvider();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = provider.app = builder.Build();
        web.MapGet("/.well-known/openid-configuration", (RequestDelegate)(http => http.Response.WriteAsync(
            JsonSerializer.Serialize(new Dictionary<string, string> { ["issuer"] = provider.Issuer, ["jwks_uri"] = provider.Issuer + "keys" }), http.RequestAborted)));
        web.MapGet("/keys", (RequestDelegate)(http => http.Response.WriteAsync(provider.Keys(), http.RequestAborted)));
        await web.StartAsync(TestContext.Current.CancellationToken);
        provider.Address = new Uri(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return provider;
    }

    /// <summary>Signs a token.</summary>
    public string Sign(DateTimeOffset now, Dictionary<string, object> claims, string audience = "jobs-api", string? issuer = null, TimeSpan? lifetime = null, RSA? with = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Issuer,
            Audience = audience,
            Claims = claims,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + (lifetime ?? TimeSpan.FromMinutes(5))).UtcDateTime,
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(with ?? key) { KeyId = "k1", CryptoProviderFactory = new CryptoProviderFactory() }, "RS256"),
        });

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
        key.Dispose();
    }

    private string Issuer => Address.AbsoluteUri;

    private string Keys()
    {
        var numbers = key.ExportParameters(includePrivateParameters: false);
        return $$"""{"keys":[{"kty":"RSA","use":"sig","kid":"k1","n":"{{Base64UrlEncoder.Encode(numbers.Modulus)}}","e":"{{Base64UrlEncoder.Encode(numbers.Exponent)}}"}]}""";
    }
}

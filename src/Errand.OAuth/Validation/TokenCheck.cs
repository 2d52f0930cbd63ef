using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Errand.OAuth;

/// <summary>ASP.NET Core's own bearer handler, in a container of its own: an app's schemes and its default stay what they are.</summary>
internal sealed class TokenCheck : IAsyncDisposable
{
    private static readonly TimeSpan ProvidersClockSkew = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);
    private static readonly AuthenticationScheme Scheme = new(JwtBearerDefaults.AuthenticationScheme, displayName: null, typeof(JwtBearerHandler));

    private readonly ServiceProvider room;
    private readonly ExternalProvider? provider;

    private TokenCheck(ExternalProvider? provider, TimeProvider time, ILoggerFactory logging, Action<JwtBearerOptions> configure)
    {
        this.provider = provider;
        var services = new ServiceCollection().AddSingleton(logging).AddSingleton(time).AddLogging();
        services.AddAuthentication().AddJwtBearer(bearer =>
        {
            bearer.MapInboundClaims = false;
            configure(bearer);
            // The library asks the system for the time; the clock is the host's to give.
            bearer.TokenValidationParameters.LifetimeValidator = (notBefore, expires, _, rules) => IsNow(notBefore, expires, rules.ClockSkew, time.GetUtcNow().UtcDateTime);
        });
        room = services.BuildServiceProvider();
    }

    /// <summary>Checks what the built-in issuer made. The key is nobody else's, so the issuer's name says nothing: the address that this server is called by may change.</summary>
    public static TokenCheck Of(SecurityKey key, TimeProvider time, ILoggerFactory logging) => new(provider: null, time, logging, bearer =>
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidateIssuer = false,
            ValidAudience = TokenClaims.Audience,
            ValidTypes = ["at+jwt"],
            ClockSkew = TimeSpan.Zero,
        });

    /// <summary>Checks what a provider elsewhere made, with the keys that it publishes.</summary>
    public static TokenCheck Of(ExternalProvider provider, TimeProvider time, ILoggerFactory logging) => new(provider, time, logging, bearer =>
    {
        bearer.Authority = provider.Authority.AbsoluteUri;
        bearer.Audience = provider.Audience;
        bearer.RequireHttpsMetadata = provider.Authority.Scheme == Uri.UriSchemeHttps;
        bearer.TokenValidationParameters.ClockSkew = ProvidersClockSkew;
    });

    /// <summary>What the bearer token of the request proves; null when nothing.</summary>
    /// <exception cref="JobProblemException">The provider's keys cannot be had now.</exception>
    public async ValueTask<ProvenToken?> ProveAsync(HttpContext http)
    {
        await RequireKeysAsync(http.RequestAborted);
        await using var scope = room.CreateAsyncScope();
        var handler = scope.ServiceProvider.GetRequiredService<JwtBearerHandler>();
        await handler.InitializeAsync(Scheme, http);
        var result = await handler.AuthenticateAsync();
        return result.Succeeded ? ProvenToken.Read(result.Principal, provider, result.Properties?.ExpiresUtc) : null;
    }

    public ValueTask DisposeAsync() => room.DisposeAsync();

    // The handler would call every token wrong while the provider is out of reach. What it told before is kept, and asked for again now and then.
    private async ValueTask RequireKeysAsync(CancellationToken cancellationToken)
    {
        if (provider is null) return;
        var options = room.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(Scheme.Name);
        try
        {
            await options.ConfigurationManager!.GetConfigurationAsync(cancellationToken);
        }
        catch (InvalidOperationException)
        {
            throw new JobProblemException(new JobProblem(JobProblems.StoreUnavailable, $"The OpenID provider at {provider.Authority} does not tell its keys. Send the request again.") { RetryAfter = TryAgain });
        }
    }

    private static bool IsNow(DateTime? notBefore, DateTime? expires, TimeSpan skew, DateTime now) =>
        expires is { } end && now < end + skew && !(notBefore - skew > now);
}

using System.Security.Claims;
using Errand.AspNetCore;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Errand.OAuth;

/// <summary>
/// OpenIddict's server in its degraded mode, which needs no database: Errand's clients stand behind it. It lives in a container of its own – an app may use OpenIddict, or schemes, for purposes of
/// its own, and requests that are not for it do not pass through it.
/// </summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    private const string ClientProperty = "errand.client";
    private static readonly AuthenticationScheme Scheme =
        new(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, displayName: null, typeof(OpenIddictServerAspNetCoreHandler));

    private readonly OAuthClients clients;
    private readonly ErrandOAuthOptions options;
    private readonly Uri? publicBase;
    private readonly TimeProvider time;
    private readonly ServiceProvider room;

    /// <summary>Opens it with the keys of the store.</summary>
    public TokenIssuer(OAuthClients clients, ErrandOAuthOptions options, Uri? publicBase, IssuerKeys keys, TimeProvider time, ILoggerFactory logging)
    {
        (this.clients, this.options, this.publicBase, this.time) = (clients, options, publicBase, time);
        var services = new ServiceCollection().AddSingleton(logging).AddSingleton(time).AddLogging();
        services.AddOpenIddict().AddServer(server => Configure(server, keys));
        room = services.BuildServiceProvider();
    }

    /// <summary>Answers a request to one of the issuer's addresses.</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        await using var scope = room.CreateAsyncScope();
        var handler = scope.ServiceProvider.GetRequiredService<OpenIddictServerAspNetCoreHandler>();
        await handler.InitializeAsync(Scheme, http);
        if (!await handler.HandleRequestAsync()) http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    public ValueTask DisposeAsync() => room.DisposeAsync();

    private void Configure(OpenIddictServerBuilder server, IssuerKeys keys)
    {
        server.EnableDegradedMode().DisableAccessTokenEncryption().DisableScopeValidation().AllowClientCredentialsFlow();
        server.AddSigningKey(keys.Signing).AddEncryptionKey(keys.Encryption).RegisterScopes([.. ErrandScopes.All]);
        server.SetTokenEndpointUris([.. TokenAddress.All.Select(address => address.Path.TrimStart('/'))]);
        if (publicBase is not null) server.SetIssuer(publicBase);
        // Whether https is spoken is decided by whoever puts a proxy before the server; the API itself asks for no more.
        server.UseAspNetCore().DisableTransportSecurityRequirement();
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.SetOrder(int.MinValue).UseInlineHandler(RefuseNobody));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(ValidateAsync));
        server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(GrantAsync));
        server.AddEventHandler<ApplyTokenResponseContext>(handler => handler.SetOrder(int.MinValue).UseInlineHandler(Complete));
        server.AddEventHandler<HandleConfigurationRequestContext>(handler => handler.SetOrder(int.MaxValue).UseInlineHandler(Publish));
    }

    // OpenIddict would call it a malformed request; RFC 6749 §5.2 and clients that try again with credentials want this.
    private static ValueTask RefuseNobody(ValidateTokenRequestContext context)
    {
        if (context.Request.IsClientCredentialsGrantType() && (string.IsNullOrEmpty(context.Request.ClientId) || string.IsNullOrEmpty(context.Request.ClientSecret)))
            context.Reject(Errors.InvalidClient, "Send client_id and client_secret: in the form, in the JSON object, or as Basic credentials.");
        return default;
    }

    private async ValueTask ValidateAsync(ValidateTokenRequestContext context)
    {
        var request = context.Transaction.GetHttpRequest()!;
        var origin = request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "";
        var client = await clients.VerifyAsync(context.ClientId ?? "", context.ClientSecret ?? "", origin, context.CancellationToken);
        if (client is null && BasicHeader.RawOf(request) is { } raw && (raw.Id, raw.Secret) != (context.ClientId, context.ClientSecret))
        {
            // RFC 6749 wants id and secret escaped within Basic; many clients send them as they are.
            client = await clients.VerifyAsync(raw.Id, raw.Secret, origin, context.CancellationToken);
        }

        if (client is null) context.Reject(Errors.InvalidClient, "The client is unknown, its secret is wrong, or it was ended.");
        else if (GrantedScopes.Of(client, [.. context.Request.GetScopes()]) is null) context.Reject(Errors.InvalidScope, $"The client has none of these scopes. It has: {string.Join(' ', client.Scopes)}.");
        else context.Transaction.SetProperty(ClientProperty, client);
    }

    private ValueTask GrantAsync(HandleTokenRequestContext context)
    {
        var client = context.Transaction.GetProperty<KnownClient>(ClientProperty)!;
        var identity = new ClaimsIdentity("errand");
        identity.SetClaim(Claims.Subject, client.Id).SetClaim(TokenClaims.Tenant, client.Tenant).SetClaim(TokenClaims.Generation, client.Generation);
        identity.SetScopes(GrantedScopes.Of(client, [.. context.Request.GetScopes()])!).SetResources(TokenClaims.Audience);
        // Times in a token are whole seconds, rounded down: one more, or it would end before the answer says.
        var rest = time.GetUtcNow().Ticks % TimeSpan.TicksPerSecond == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(1);
        identity.SetAccessTokenLifetime(LifetimeAt(context.Transaction) + rest).SetDestinations(_ => [Destinations.AccessToken]);
        context.SignIn(new ClaimsPrincipal(identity));
        return default;
    }

    // Vendors' clients want the scope named even where it is what they asked for, and all three members of an error.
    private ValueTask Complete(ApplyTokenResponseContext context)
    {
        if (context.Response.Error is not null)
        {
            context.Response.ErrorUri = TokenRefusal.ErrorPage;
        }
        else if (context.Transaction.GetProperty<KnownClient>(ClientProperty) is { } client && context.Request is { } request)
        {
            context.Response.Scope = string.Join(' ', GrantedScopes.Of(client, [.. request.GetScopes()])!);
            context.Response.ExpiresIn = (long)LifetimeAt(context.Transaction).TotalSeconds;
        }

        return default;
    }

    private TimeSpan LifetimeAt(OpenIddictServerTransaction transaction) => options.TokenLifetime
        ?? transaction.GetHttpRequest()!.HttpContext.GetEndpoint()?.Metadata.GetMetadata<TokenAddress>()?.Lifetime ?? TokenAddress.All[0].Lifetime;

    // What OpenIddict could do and this server does not is not announced; and behind a proxy the request's own host says nothing to a client.
    private ValueTask Publish(HandleConfigurationRequestContext context)
    {
        context.Scopes.Remove(Scopes.OpenId);
        context.TokenEndpointAuthenticationMethods.Remove(ClientAuthenticationMethods.PrivateKeyJwt);
        context.PromptValues.Clear();
        if (publicBase is null) return default;
        var root = new Uri(publicBase.AbsoluteUri.TrimEnd('/') + "/");
        context.TokenEndpoint = new Uri(root, TokenAddress.All[0].Path.TrimStart('/'));
        context.JsonWebKeySetEndpoint = new Uri(root, ".well-known/jwks");
        return default;
    }
}

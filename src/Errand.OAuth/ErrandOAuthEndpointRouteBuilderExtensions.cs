using System.Text.Json;
using Errand.AspNetCore;
using Errand.OAuth;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the token endpoint.</summary>
public static class ErrandOAuthEndpointRouteBuilderExtensions
{
    private static readonly string[] Get = ["GET", "HEAD"];
    private static readonly string[] Discovery = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/.well-known/jwks"];

    /// <summary>
    /// Maps the addresses where clients get access tokens – <c>/oauth2/token</c>, <c>/iam/v1/oauth2/token</c>, <c>/webapi/oauth2/token</c>, <c>/oauth/tokens</c> – and discovery with the public
    /// keys, open to everyone. With an external provider only <c>/.well-known/oauth-protected-resource</c> is left, which names it.
    /// </summary>
    /// <exception cref="InvalidOperationException"><c>AddErrandOAuth()</c> is missing.</exception>
    public static RouteGroupBuilder MapErrandOAuth(this IEndpointRouteBuilder endpoints)
    {
        var room = endpoints.ServiceProvider.GetService<OAuthRoom>() ?? throw new InvalidOperationException("OAuth is not added. Add it with: services.AddErrand()….AddErrandApi().AddErrandOAuth().");
        var group = endpoints.MapGroup("");
        group.WithMetadata(new AllowAnonymousAttribute());
        group.MapMethods("/.well-known/oauth-protected-resource", Get, http => DescribeAsync(room, http));
        if (room.Options.Provider is not null) return group;
        foreach (var address in TokenAddress.All)
        {
            group.Map(address.Path, http => IssueAsync(room, http)).WithMetadata(address).WithDisplayName($"Errand OAuth POST {address.Path}");
            group.Map(address.Untidy, http => IssueAsync(room, http)).WithMetadata(address).WithDisplayName($"Errand OAuth POST {address.Path}, with doubled slashes");
        }

        foreach (var path in Discovery) group.MapMethods(path, Get, http => AnswerAsync(room, http)).WithDisplayName($"Errand OAuth GET {path}");
        return group;
    }

    private static async Task IssueAsync(OAuthRoom room, HttpContext http)
    {
        if (await TokenForm.PrepareAsync(http) is { } refusal)
        {
            await refusal.WriteAsync(http);
            return;
        }

        // OpenIddict goes by the path; the routes know better.
        http.Request.Path = http.GetEndpoint()!.Metadata.GetRequiredMetadata<TokenAddress>().Path;
        await AnswerAsync(room, http);
    }

    private static async Task AnswerAsync(OAuthRoom room, HttpContext http) => await (await room.IssuerAsync(http.RequestAborted)).AnswerAsync(http);

    // RFC 9728: a client that was refused finds out who gives tokens.
    private static async Task DescribeAsync(OAuthRoom room, HttpContext http)
    {
        var resource = room.PublicBaseUrl?.AbsoluteUri ?? $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}/";
        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("resource", resource);
        writer.WriteStartArray("authorization_servers");
        writer.WriteStringValue(room.Options.Provider?.Authority.AbsoluteUri ?? resource);
        writer.WriteEndArray();
        writer.WriteStartArray("scopes_supported");
        foreach (var scope in ErrandScopes.All) writer.WriteStringValue(scope);
        writer.WriteEndArray();
        writer.WriteStartArray("bearer_methods_supported");
        writer.WriteStringValue("header");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

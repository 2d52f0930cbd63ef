using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary>A live client, whether of the configuration or of the store. While nothing changed it is the same object.</summary>
/// <param name="Id">Its id: the owner of its jobs.</param>
/// <param name="Tenant">The tenant it speaks for.</param>
/// <param name="Scopes">Everything it may do, with what its roles add.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="Generation">Tokens that were issued under another one are refused.</param>
public sealed record KnownClient(string Id, string Tenant, IReadOnlyList<string> Scopes, IReadOnlyList<string> Roles, string Generation);

/// <summary>A client to make.</summary>
/// <param name="Id">Its <c>client_id</c>: letters, digits, dots, dashes, underscores and at-signs, 128 at most.</param>
public sealed record NewClient(string Id)
{
    /// <summary>The tenant it speaks for. Default: <c>default</c>.</summary>
    public string Tenant { get; init; } = JobNames.DefaultTenant;

    /// <summary>What it may do; none means <see cref="ErrandScopes.Default"/>.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Its roles, see <see cref="ErrandRoles"/>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>True for what can be a client's id.</summary>
    public static bool IsId(string text) => text.Length is > 0 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@');

    internal string? Fault()
    {
        if (!IsId(Id)) return $"'{Id}' cannot be a client's id: letters, digits, dots, dashes, underscores and at-signs are expected, 128 at most.";
        if (string.IsNullOrWhiteSpace(Tenant)) return "A client needs a tenant; where there is only one it is 'default'.";
        return ErrandScopes.Fault(Scopes) ?? ErrandRoles.Fault(Roles);
    }
}

/// <summary>A secret that was just made.</summary>
/// <param name="Text">The secret. Shown once.</param>
/// <param name="Stored">What is kept of the client.</param>
public sealed record CreatedSecret(string Text, OAuthClient Stored);

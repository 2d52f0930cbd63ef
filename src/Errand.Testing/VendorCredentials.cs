using System.Net.Http.Headers;
using System.Text;
using Errand.AspNetCore;

namespace Errand.Testing;

/// <summary>Credentials that a stand-in takes, made anew with each. They all speak for one caller of one account, who may do everything that the vendor's wire has.</summary>
public sealed class VendorCredentials
{
    private const string Caller = "agent@example.com";

    // What the vendors' own clients ask for; the lists are in their API descriptions.
    private static readonly string[] Scopes =
    [
        .. ErrandScopes.Default, ErrandScopes.ReadAll, "data_tables|r", "data_tables|w", "file:read", "file:write", "graph:read", "graph:write", "activity:read", "organization:read", "organization:write",
    ];

    /// <summary>The id of the one workflow of an Alteryx stand-in that was given none.</summary>
    public const string WorkflowId = "66ebd1003d6200007e000d01";

    /// <summary>The bearer token; for Zendesk also the API token of <c>email/token</c>.</summary>
    public string Token { get; private set; } = "";

    /// <summary>The e-mail address of the agent.</summary>
    public string Email { get; } = Caller;

    /// <summary>The agent's password.</summary>
    public string Password { get; } = SecretHashes.NewSecret();

    /// <summary>The OAuth client's id; to Alteryx the API access key.</summary>
    public string ClientId { get; } = Caller;

    /// <summary>The OAuth client's secret; to Alteryx the API access secret.</summary>
    public string ClientSecret { get; } = SecretHashes.NewSecret();

    /// <summary>The token in a header.</summary>
    public AuthenticationHeaderValue Bearer => new("Bearer", Token);

    /// <summary>E-mail and token in a header, as clients of Zendesk send them.</summary>
    public AuthenticationHeaderValue BasicToken => Basic($"{Email}/token", Token);

    /// <summary>E-mail and password in a header.</summary>
    public AuthenticationHeaderValue BasicPassword => Basic(Email, Password);

    internal void AddTo(ErrandIdentityOptions identity)
    {
        identity.Users.Add(new ConfiguredUser(Email, SecretHashes.OfRandomSecret(Password)) { Scopes = Scopes, Roles = [ErrandRoles.Curator] });
        identity.Clients.Add(new ConfiguredClient(ClientId) { SecretHash = SecretHashes.OfRandomSecret(ClientSecret), Scopes = Scopes, Roles = [ErrandRoles.Curator] });
    }

    /// <summary>Makes the token, once the store is open.</summary>
    internal async Task IssueAsync(AccessTokens tokens, CancellationToken cancellationToken) =>
        Token = (await tokens.CreateAsync(new NewToken(Caller) { Scopes = Scopes, Roles = [ErrandRoles.Curator] }, cancellationToken)).Text;

    private static AuthenticationHeaderValue Basic(string name, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));
}

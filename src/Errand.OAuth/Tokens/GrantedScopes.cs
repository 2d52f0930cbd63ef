using Errand.AspNetCore;

namespace Errand.OAuth;

/// <summary>What a client is given of what it asks for.</summary>
internal static class GrantedScopes
{
    /// <summary>
    /// Everything that the client has when it asks for nothing; otherwise what it asks for and has. Null when that is nothing at all. The order is that of the request, so that the answer reads like it.
    /// </summary>
    public static IReadOnlyList<string>? Of(KnownClient client, IReadOnlyList<string> asked)
    {
        if (asked.Count == 0) return client.Scopes;
        var granted = asked.Distinct(StringComparer.Ordinal).Where(scope => Has(client, scope)).ToArray();
        return granted.Length == 0 ? null : granted;
    }

    /// <summary>What a token may still do: what it was given, as far as its client has it today.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> given, KnownClient client) => [.. given.Where(scope => Has(client, scope))];

    // An administrator has every scope, a vendor's own too.
    private static bool Has(KnownClient client, string scope) =>
        client.Scopes.Contains(scope) || (client.Scopes.Contains(ErrandScopes.Admin) && ErrandScopes.Fault([scope]) is null);
}

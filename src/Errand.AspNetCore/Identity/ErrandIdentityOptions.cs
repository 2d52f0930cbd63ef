namespace Errand.AspNetCore;

/// <summary>Clients, users and collections that the configuration names; more clients and collections can lie in the store. A name that both have is the configuration's.</summary>
public sealed class ErrandIdentityOptions
{
    /// <summary>Programs that get access tokens with an id and a secret.</summary>
    public IList<ConfiguredClient> Clients { get; } = [];

    /// <summary>People that send a name and a password with each request (Basic).</summary>
    public IList<ConfiguredUser> Users { get; } = [];

    /// <summary>What is shared with whom.</summary>
    public IList<ConfiguredCollection> Collections { get; } = [];

    internal IEnumerable<string> Mistakes()
    {
        foreach (var client in Clients)
        {
            if (client.Fault() is { } fault) yield return $"ErrandIdentityOptions.Clients: {fault}";
        }

        foreach (var user in Users)
        {
            if (user.Fault() is { } fault) yield return $"ErrandIdentityOptions.Users: {fault}";
        }

        foreach (var collection in Collections.Where(collection => !JobCollections.IsName(collection.Name)))
            yield return $"ErrandIdentityOptions.Collections: '{collection.Name}' cannot be a collection's name: letters, digits, dots, dashes and underscores are expected, 128 at most.";
        foreach (var twice in Twice(Clients.Select(client => client.Id), StringComparer.Ordinal)) yield return $"ErrandIdentityOptions.Clients: the id '{twice}' is there more than once.";
        foreach (var twice in Twice(Users.Select(user => user.Name), StringComparer.OrdinalIgnoreCase)) yield return $"ErrandIdentityOptions.Users: the name '{twice}' is there more than once.";
        foreach (var twice in Twice(Collections.Select(collection => $"{collection.Name} of tenant {collection.Tenant}"), StringComparer.Ordinal))
            yield return $"ErrandIdentityOptions.Collections: {twice} is there more than once.";
    }

    private static IEnumerable<string> Twice(IEnumerable<string> names, StringComparer comparer) => names.GroupBy(name => name, comparer).Where(group => group.Skip(1).Any()).Select(group => group.Key);
}

/// <summary>A client of the configuration.</summary>
/// <param name="Id">Its <c>client_id</c>, and the owner of the jobs it submits.</param>
public sealed record ConfiguredClient(string Id)
{
    /// <summary>The hash of its secret, see <see cref="SecretHashes"/>; null for a client whose tokens come from another issuer.</summary>
    public string? SecretHash { get; init; }

    /// <summary>The tenant it speaks for. Default: <c>default</c>.</summary>
    public string Tenant { get; init; } = JobNames.DefaultTenant;

    /// <summary>What it may do; none means <see cref="ErrandScopes.Default"/>.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Its roles, see <see cref="ErrandRoles"/>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    internal string? Fault() => new NewClient(Id) { Tenant = Tenant, Scopes = Scopes, Roles = Roles }.Fault()
        ?? (SecretHash is null || SecretHashes.IsHash(SecretHash) ? null : $"the secretHash of '{Id}' is no hash. Make one with SecretHashes, or with: errand hash.");
}

/// <summary>A user of the configuration.</summary>
/// <param name="Name">The e-mail address or name that is sent, and the owner of the jobs that the user submits.</param>
/// <param name="PasswordHash">The hash of the password, see <see cref="SecretHashes"/>.</param>
public sealed record ConfiguredUser(string Name, string PasswordHash)
{
    /// <summary>The tenant. Default: <c>default</c>.</summary>
    public string Tenant { get; init; } = JobNames.DefaultTenant;

    /// <summary>What the user may do; none means <see cref="ErrandScopes.Default"/>.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Roles, see <see cref="ErrandRoles"/>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    internal string? Fault()
    {
        if (Name.Length == 0 || Name.Contains(':') || Name.EndsWith("/token", StringComparison.Ordinal)) return $"the name '{Name}' must be there, without a colon and without /token at the end: Basic credentials could not carry it.";
        if (string.IsNullOrWhiteSpace(Tenant)) return $"the tenant of '{Name}' is empty; where there is only one it is 'default'.";
        return (SecretHashes.IsHash(PasswordHash) ? null : $"the passwordHash of '{Name}' is no hash. Make one with SecretHashes, or with: errand hash.") ?? ErrandScopes.Fault(Scopes) ?? ErrandRoles.Fault(Roles);
    }
}

/// <summary>A collection of the configuration: its members see the jobs of its types and schedules.</summary>
/// <param name="Name">Its name within the tenant.</param>
public sealed record ConfiguredCollection(string Name)
{
    /// <summary>The tenant. Default: <c>default</c>.</summary>
    public string Tenant { get; init; } = JobNames.DefaultTenant;

    /// <summary>Subjects: clients, users, the subjects of tokens.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>Job types.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Schedules.</summary>
    public IReadOnlyList<string> Schedules { get; init; } = [];
}

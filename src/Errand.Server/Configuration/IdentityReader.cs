using Errand.AspNetCore;

namespace Errand.Server.Configuration;

/// <summary>Reads <c>clients</c>, <c>users</c> and <c>collections</c>.</summary>
internal static class IdentityReader
{
    private const string HashExample = "\"sha256:…\", which 'errand hash --random' prints";

    public static List<ConfiguredClient> ReadClients(ConfigSection root, OAuthConfig oauth)
    {
        List<ConfiguredClient> clients = [];
        foreach (var section in root.List("clients"))
        {
            var id = section.RequiredText("id", "\"ci\"");
            if (id is not null && !NewClient.IsId(id)) section.Fail("id", $"\"{id}\" must have letters, digits, dots, dashes, underscores and at-signs only, 128 at most");
            if (id is not null && clients.Exists(client => client.Id == id)) section.Fail("id", $"\"{id}\" is already that of a client above. Choose another");
            clients.Add(new ConfiguredClient(id ?? "")
            {
                SecretHash = ReadSecret(section, oauth),
                Tenant = section.Text("tenant") ?? JobNames.DefaultTenant,
                Scopes = ReadScopes(section),
                Roles = ReadRoles(section),
            });
            section.Close();
        }

        if (clients.Count > 0 && !oauth.Enabled) root.Fail("clients", "cannot get tokens while oauth.enabled is false. Leave one of the two out");
        else if (clients.Count > 0 && !ErrandServer.HasOAuth) root.Fail("clients", ErrandServer.WithoutOAuth);
        return clients;
    }

    public static List<ConfiguredUser> ReadUsers(ConfigSection root)
    {
        List<ConfiguredUser> users = [];
        foreach (var section in root.List("users"))
        {
            var name = section.RequiredText("name", "\"ada@example.com\"");
            if (name is not null && (name.Contains(':', StringComparison.Ordinal) || name.EndsWith("/token", StringComparison.Ordinal)))
                section.Fail("name", $"\"{name}\" can have no colon and not end with /token: Basic credentials could not carry it");
            if (name is not null && users.Exists(user => user.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) section.Fail("name", $"\"{name}\" is already that of a user above. Choose another");
            users.Add(new ConfiguredUser(name ?? "", ReadHash(section, "passwordHash", "\"AQAAAA…\", which 'errand hash' prints") ?? "")
            {
                Tenant = section.Text("tenant") ?? JobNames.DefaultTenant,
                Scopes = ReadScopes(section),
                Roles = ReadRoles(section),
            });
            section.Close();
        }

        return users;
    }

    public static List<ConfiguredCollection> ReadCollections(ConfigSection root)
    {
        List<ConfiguredCollection> collections = [];
        foreach (var section in root.List("collections"))
        {
            var name = section.RequiredText("name", "\"finance\"");
            var tenant = section.Text("tenant") ?? JobNames.DefaultTenant;
            if (name is not null && !JobCollections.IsName(name)) section.Fail("name", $"\"{name}\" must have letters, digits, dots, dashes and underscores only, 128 at most");
            if (name is not null && collections.Exists(other => other.Name == name && other.Tenant == tenant)) section.Fail("name", $"\"{name}\" is already that of a collection above. Put the two together");
            collections.Add(new ConfiguredCollection(name ?? "")
            {
                Tenant = tenant,
                Members = section.Texts("members") ?? [],
                Types = ReadNames(section, "types"),
                Schedules = ReadNames(section, "schedules"),
            });
            section.Close();
        }

        return collections;
    }

    private static string? ReadSecret(ConfigSection section, OAuthConfig oauth)
    {
        if (oauth.Authority is null) return ReadHash(section, "secretHash", HashExample);
        if (section.Text("secretHash") is not null) section.Fail("secretHash", "has no use with oauth.authority: the provider checks secrets. Leave it out");
        return null;
    }

    private static string? ReadHash(ConfigSection section, string member, string example)
    {
        var hash = section.RequiredText(member, example);
        if (hash is null || SecretHashes.IsHash(hash)) return hash;
        // What stands there may be the secret itself: it must not reach a log.
        section.Fail(member, "is no hash. Let 'errand hash' make one of the secret, and keep the secret out of this file");
        return null;
    }

    private static IReadOnlyList<string> ReadScopes(ConfigSection section)
    {
        var scopes = section.Texts("scopes") ?? [];
        if (ErrandScopes.Fault(scopes) is { } fault) section.Fail("scopes", fault);
        return scopes;
    }

    private static IReadOnlyList<string> ReadRoles(ConfigSection section)
    {
        var roles = section.Texts("roles") ?? [];
        if (ErrandRoles.Fault(roles) is { } fault) section.Fail("roles", fault);
        return roles;
    }

    private static IReadOnlyList<string> ReadNames(ConfigSection section, string member)
    {
        var names = section.Texts(member) ?? [];
        foreach (var name in names.Where(name => !JobNames.IsTypeOrQueue(name))) section.Fail(member, ConfigNames.Rule(name));
        return names;
    }
}

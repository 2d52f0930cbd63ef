using Errand.AspNetCore;
using Errand.Server.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.Server.Hosting;

/// <summary>Names the clients, users and collections of the configuration.</summary>
internal static class ConfiguredIdentity
{
    public static void Add(IErrandBuilder errand, ServerConfig config) => errand.AddErrandIdentity(identity =>
    {
        foreach (var client in config.Clients) identity.Clients.Add(client);
        foreach (var user in config.Users) identity.Users.Add(user);
        foreach (var collection in config.Collections) identity.Collections.Add(collection);
    });
}

using Errand.Dialects.Alteryx;
using Errand.Server.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.Server.Hosting;

/// <summary>Turns on the wires that the configuration names.</summary>
internal static class ConfiguredDialects
{
    public static void Add(IErrandBuilder errand, DialectConfig config)
    {
        switch (config)
        {
            case AlteryxConfig alteryx:
                errand.Services.AddSingleton(services => OptionsOf(alteryx, services.GetRequiredService<ServerConfig>().Types));
                errand.AddAlteryx();
                break;
            case WorkivaConfig workiva: errand.AddWorkiva(workiva.Options); break;
            case ZendeskConfig zendesk: errand.AddZendesk(zendesk.Configure); break;
        }
    }

    public static void Map(IEndpointRouteBuilder endpoints, DialectConfig config)
    {
        switch (config)
        {
            case AlteryxConfig: endpoints.MapErrandAlteryx(config.Path); break;
            case WorkivaConfig: endpoints.MapErrandWorkiva(config.Path); break;
            case ZendeskConfig: endpoints.MapErrandZendesk(config.Path); break;
        }
    }

    private static AlteryxOptions OptionsOf(AlteryxConfig config, IReadOnlyList<TypeConfig> types) => new()
    {
        MessagesAsArray = config.MessagesAsArray,
        Workflows = types.Where(type => type.Alteryx is not null).ToDictionary(type => type.Type.Name, type => type.Alteryx!, StringComparer.Ordinal),
    };
}

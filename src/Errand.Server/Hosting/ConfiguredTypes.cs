using Errand.Server.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.Server.Hosting;

/// <summary>Declares the types of the configuration, each with what runs it.</summary>
internal static class ConfiguredTypes
{
    public static void Add(IErrandBuilder errand, TypeConfig config, string dataFolder)
    {
        switch (config.Handler)
        {
            case HandlerConfig.Http http: errand.AddHttpType(config.Type, http.Options); break;
            case HandlerConfig.HttpBatch batch: errand.AddHttpBatchType(config.Type, batch.Options); break;
            // Working folders lie beside the outputs that are made of them, and are this server's own to clear.
            case HandlerConfig.Command command:
                errand.AddCommandType(config.Type, command.Options with { WorkRoot = Path.Combine(dataFolder, "work") });
                break;
            default: errand.Services.AddSingleton<IHandlerCatalog>(new AcceptOnly(config.Type)); break;
        }
    }

    /// <summary>A type that this server accepts and others run.</summary>
    private sealed class AcceptOnly(JobType type) : IHandlerCatalog
    {
        public IReadOnlyList<HandlerRegistration> Handlers { get; } = [new HandlerRegistration(type, Create: null)];
    }
}

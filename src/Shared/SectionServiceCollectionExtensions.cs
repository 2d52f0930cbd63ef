using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Errand.Configuration;

internal static class SectionServiceCollectionExtensions
{
    /// <summary>Reads options from a section, where the host has a configuration. Code that configures them afterwards wins.</summary>
    public static IServiceCollection AddSection<TOptions>(this IServiceCollection services, string section, SectionKey<TOptions>[] keys)
        where TOptions : class, new()
    {
        services.AddSingleton<IConfigureOptions<TOptions>>(provider => new SectionOptions<TOptions>(provider.GetService<IConfiguration>(), section, keys));
        return services.AddSingleton<IValidateOptions<TOptions>>(provider => new SectionOptions<TOptions>(provider.GetService<IConfiguration>(), section, keys));
    }
}

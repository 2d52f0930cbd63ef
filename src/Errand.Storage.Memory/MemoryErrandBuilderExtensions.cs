using Errand;
using Errand.Storage;
using Errand.Storage.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the store in memory.</summary>
public static class MemoryErrandBuilderExtensions
{
    /// <summary>Keeps jobs in memory: for tests. They end with the process.</summary>
    /// <param name="builder">What <c>AddErrand()</c> returned.</param>
    /// <param name="faults">What is to go wrong. Default: nothing.</param>
    public static IErrandBuilder UseMemory(this IErrandBuilder builder, MemoryStorageFaults? faults = null)
    {
        builder.Services.Replace(ServiceDescriptor.Singleton<IJobStorage>(_ => new MemoryStorage(faults)));
        return builder;
    }
}

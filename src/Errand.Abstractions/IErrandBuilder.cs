using Microsoft.Extensions.DependencyInjection;

namespace Errand;

/// <summary>What <c>AddErrand()</c> returns: storage, handlers and faces add themselves to it.</summary>
public interface IErrandBuilder
{
    /// <summary>The services of the host.</summary>
    IServiceCollection Services { get; }
}

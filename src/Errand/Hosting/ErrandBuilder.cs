using Microsoft.Extensions.DependencyInjection;

namespace Errand.Hosting;

internal sealed class ErrandBuilder(IServiceCollection services) : IErrandBuilder
{
    public IServiceCollection Services => services;
}

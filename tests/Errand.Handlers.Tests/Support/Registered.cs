using Microsoft.Extensions.DependencyInjection;

namespace Errand.Handlers.Tests;

/// <summary>Handlers as the worker gets them: by registration.</summary>
internal sealed class Registered : IErrandBuilder, IAsyncDisposable
{
    private ServiceProvider? _provider;

    public IServiceCollection Services { get; } = new ServiceCollection().AddLogging();

    public ServiceProvider Provider => _provider ??= Services.BuildServiceProvider();

    public static Registered With(Action<IErrandBuilder> add, TimeProvider? clock = null)
    {
        var registered = new Registered();
        if (clock is not null) registered.Services.AddSingleton(clock);
        add(registered);
        return registered;
    }

    public HandlerRegistration Registration => Provider.GetServices<IHandlerCatalog>().Single().Handlers.Single();

    public ValueTask<JobOutcome> RunAsync(JobContext context, CancellationToken cancellationToken = default) =>
        Registration.Create!(Provider).HandleAsync(context, cancellationToken);

    public ValueTask DisposeAsync() => Provider.DisposeAsync();
}

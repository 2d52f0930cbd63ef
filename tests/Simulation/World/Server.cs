using Errand.Hosting;
using Errand.Simulation.Tests.Promises;
using Errand.Storage;
using Errand.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Errand.Simulation.Tests.World;

/// <summary>The engine as one process runs it, but for its threads: its sweeps come when the simulation says so.</summary>
internal sealed class Server
{
    public static readonly string[] Types = ["report", "mail"];

    private readonly ServiceProvider _services;
    private readonly IJobQueues _queues;

    public Server(IJobStorage storage, NodeClock clock, Random random)
    {
        Clock = clock;
        var services = new ServiceCollection();
        services.AddOptions().AddSingleton<TimeProvider>(clock).AddSingleton(storage).AddSingleton<IHandlerCatalog, Catalog>();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddErrand();
        services.Replace(ServiceDescriptor.Singleton<IRetryPolicy>(new SeededRetries(random)));
        services.Replace(ServiceDescriptor.Singleton(storage));
        var sweeps = services.Where(service => service.ServiceType == typeof(ISweep)).ToList();
        services.RemoveAll<ISweep>();
        _services = services.BuildServiceProvider();
        Sweeps = [.. sweeps.Select(Make)];
        Clients = _services.GetRequiredService<IJobClients>();
        Source = _services.GetRequiredService<IJobSource>();
        _queues = _services.GetRequiredService<IJobQueues>();
    }

    public NodeClock Clock { get; }

    /// <summary>The process is stopped in the middle of whatever it does. When it goes on, it does not know.</summary>
    public bool Stopped { get; private set; }

    public IReadOnlyList<ISweep> Sweeps { get; }

    public IJobClients Clients { get; }

    public IJobSource Source { get; }

    public async Task StartAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>().OfType<IHostedLifecycleService>()) await service.StartingAsync(default);
    }

    public Task SetNarrowAsync(bool paused) =>
        _queues.SaveAsync(new QueueSettings(Client.NarrowQueue, paused, MaxConcurrency: Ledger.NarrowMax)).AsTask();

    public void Stop()
    {
        Stopped = true;
        Clock.Stop();
    }

    public void Resume()
    {
        Stopped = false;
        Clock.Resume();
    }

    /// <summary>The process ends between two instructions: no timer of it rings again, nothing is written any more.</summary>
    public void Kill() => _services.Dispose();

    private ISweep Make(ServiceDescriptor sweep) => (ISweep)(sweep.ImplementationFactory?.Invoke(_services)
        ?? ActivatorUtilities.CreateInstance(_services, sweep.ImplementationType!));

    private sealed class Catalog : IHandlerCatalog
    {
        public IReadOnlyList<HandlerRegistration> Handlers { get; } =
            [.. Types.Select(name => new HandlerRegistration(new JobType { Name = name, Handler = "simulation" }, Create: null))];
    }

    private sealed class SeededRetries(Random random) : IRetryPolicy
    {
        public TimeSpan DelayAfter(JobHead job, int failures) => TimeSpan.FromMilliseconds(random.Next(4_000));
    }
}

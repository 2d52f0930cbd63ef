using Errand;
using Errand.Catalog;
using Errand.Clients;
using Errand.Configuration;
using Errand.Hosting;
using Errand.Lifecycle;
using Errand.Outputs;
using Errand.Retention;
using Errand.Retries;
using Errand.Schedules;
using Errand.Sessions;
using Errand.Signals;
using Errand.Storage;
using Errand.Submits;
using Errand.Telemetry;
using Errand.Transactions;
using Errand.Uploads;
using Errand.Work;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the engine to a host.</summary>
public static class ErrandServiceCollectionExtensions
{
    /// <summary>
    /// Adds Errand: the front door (<see cref="IJobClients"/>), the back door (<see cref="IJobSource"/>) and what runs between them. Name a
    /// store after it: <c>services.AddErrand().UseSqlite("data")</c>.
    /// </summary>
    public static IErrandBuilder AddErrand(this IServiceCollection services, Action<ErrandOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var isNew = services.All(service => service.ServiceType != typeof(ErrandHost));
        if (isNew) services.AddSection(ErrandSection.Name, ErrandSection.Keys);
        if (configure is not null) services.Configure(configure);
        if (isNew) services.AddBase().AddSignals().AddCatalog().AddLifecycle().AddFrontDoor().AddBackDoor().AddSweeps().AddHost();
        return new ErrandBuilder(services);
    }

    private static IServiceCollection AddBase(this IServiceCollection services)
    {
        services.AddOptions<ErrandOptions>().ValidateOnStart();
        services.AddJobScope();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ErrandOptions>, ErrandOptionsRules>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<ErrandOptions>>().Value);
        services.TryAddSingleton<IJobStorage>(_ => throw new InvalidOperationException(
            "Errand has no store. Name one after AddErrand(): services.AddErrand().UseSqlite(\"data\")."));
        return services.AddSingleton(provider => new ErrandMetrics(provider.GetService<System.Diagnostics.Metrics.IMeterFactory>()));
    }

    private static IServiceCollection AddSignals(this IServiceCollection services) => services
        .AddSingleton<Alarms>().AddSingleton<JobWaiters>().AddSingleton<ChangeFeed>().AddSingleton<JobSignals>().AddSingleton<HintEar>();

    private static IServiceCollection AddCatalog(this IServiceCollection services) => services
        .AddSingleton<TypeCatalog>().AddSingleton<QueueCatalog>()
        .AddSingleton<IJobTypes, LocalJobTypes>().AddSingleton<IJobQueues, LocalJobQueues>();

    private static IServiceCollection AddLifecycle(this IServiceCollection services)
    {
        services.TryAddSingleton<IRetryPolicy>(_ => new ExponentialRetryPolicy(new Random()));
        return services.AddSingleton<JobKeeping>().AddSingleton<JobWriter>();
    }

    private static IServiceCollection AddFrontDoor(this IServiceCollection services) => services
        .AddSingleton<SubmitChecks>()
        .AddSingleton<SubmitGate>()
        .AddSingleton<JobSubmitter>()
        .AddSingleton<UploadReceiver>()
        .AddSingleton<FileRemover>()
        .AddSingleton<JobReasons>().AddSingleton<FinishedJobs>()
        .AddSingleton<EngineParts>()
        .AddSingleton<EnlistedJobs>().AddSingleton<EnlistmentBell>()
        .AddSingleton<ScheduleJobs>().AddSingleton<ScheduleBell>()
        .AddSingleton<IJobClients, LocalJobClients>();

    private static IServiceCollection AddBackDoor(this IServiceCollection services) => services
        .AddSingleton<SuspectGate>()
        .AddSingleton<LiveSessions>()
        .AddSingleton<ProgressBook>()
        .AddSingleton<ItemReader>()
        .AddSingleton<OutputPublisher>()
        .AddSingleton<IJobReports, LocalJobReports>()
        .AddSingleton<ResultPlacer>()
        .AddSingleton<Settler>()
        .AddSingleton<IHeldClaims, HeldClaims>()
        .AddSingleton<IJobSource, LocalJobSource>();

    private static IServiceCollection AddSweeps(this IServiceCollection services) => services
        .AddSingleton<SessionReaper>().AddSingleton<ISweep>(provider => provider.GetRequiredService<SessionReaper>())
        .AddSingleton<ISweep, SuspectSweep>().AddSingleton<ISweep, DeadlineSweep>().AddSingleton<ISweep, RetentionSweep>().AddSingleton<ISweep, OrphanFileSweep>()
        .AddSingleton<ISweep, ScheduleSweep>().AddSingleton<ISweep, EnlistmentSweep>()
        .AddSingleton<ISweep, WaiterPoll>().AddSingleton<ISweep, FeedPoll>().AddSingleton<ISweep, CatalogRefresh>().AddSingleton<ISweep, QueueFigures>();

    private static IServiceCollection AddHost(this IServiceCollection services) => services
        .AddSingleton<SweepLoop>()
        .AddSingleton<ErrandHealth>().AddSingleton<IErrandHealth>(provider => provider.GetRequiredService<ErrandHealth>())
        .AddSingleton<ErrandHost>().AddSingleton<IHostedService>(provider => provider.GetRequiredService<ErrandHost>());
}

using Errand.Server.Configuration;
using Errand.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Errand.Server;

/// <summary>
/// Puts a server together: engine, store, worker, configured types, API, documents and health. It decides nothing itself.
/// </summary>
public static class ErrandServer
{
    // The host waits a little longer than the worker drains, or it would cut the drain off.
    private static readonly TimeSpan DrainMargin = TimeSpan.FromSeconds(5);

#if ERRAND_OAUTH
    /// <summary>Whether this build issues and takes signed access tokens. A native executable does not: the library for it needs a .NET runtime.</summary>
    public static bool HasOAuth => true;
#else
    /// <summary>Whether this build issues and takes signed access tokens. A native executable does not: the library for it needs a .NET runtime.</summary>
    public static bool HasOAuth => false;
#endif

    internal const string WithoutOAuth = "needs OAuth, which this native executable lacks. Use the one that runs on .NET, or access tokens: errand token create --subject NAME";

    /// <summary>Makes the server; start it to open the store and to listen.</summary>
    public static WebApplication Create(ErrandServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Management.Check(options.Config.ManagementUrl, options.Addresses);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "errand" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls([.. options.Addresses, .. options.Config.ManagementAddresses]);
        builder.Services.AddRouting();
        AddLogging(builder.Logging, options.LogLevel);
        AddFront(builder.Services, options);
        AddJobs(builder.Services, options);
        var app = builder.Build();
        MapFront(app, options.Config);
        options.Map?.Invoke(app);
        return app;
    }

    private static void AddJobs(IServiceCollection services, ErrandServerOptions options)
    {
        var config = options.Config;
        var errand = StoreSetup.AddTo(services, options);
        services.AddSingleton(config).AddHostedService<QueueSetup>().AddHostedService<ScheduleSetup>();
        foreach (var type in config.Types) ConfiguredTypes.Add(errand, type, options.DataFolder);
        options.Configure?.Invoke(errand);
        if (config.Worker.Enabled) errand.AddWorker(worker => Apply(config.Worker, worker));
        errand.AddBulkActions().AddErrandApi(api => Apply(config, api));
        ConfiguredIdentity.Add(errand, config);
        ConfiguredOAuth.Add(errand, config.OAuth);
        foreach (var dialect in config.Dialects) ConfiguredDialects.Add(errand, dialect);
        if (config.ManagementUrl is not null) errand.AddErrandMetrics();
        services.Configure<HostOptions>(
            host => host.ShutdownTimeout = (config.Worker.DrainTimeout ?? new Worker.WorkerOptions().DrainTimeout) + DrainMargin);
    }

    private static void Apply(ServerConfig config, AspNetCore.ErrandApiOptions api)
    {
        api.PublicBaseUrl = config.PublicBaseUrl;
        foreach (var limit in config.RateLimits) api.RateLimits.Add(limit);
    }

    private static void Apply(WorkerConfig config, Worker.WorkerOptions worker)
    {
        if (config.Slots is { } slots) worker.Slots = slots;
        if (config.DrainTimeout is { } drain) worker.DrainTimeout = drain;
        foreach (var queue in config.Queues) worker.Queues.Add(queue);
    }

    private static void AddFront(IServiceCollection services, ErrandServerOptions options)
    {
        services.AddHostFiltering(filter => filter.AllowedHosts = [.. HostNames.For(options)]);
        if (options.Config.Forwarded is not { } forwarded) return;
        services.Configure<ForwardedHeadersOptions>(headers =>
        {
            headers.ForwardedHeaders = ForwardedHeaders.All;
            headers.KnownProxies.Clear();
            headers.KnownIPNetworks.Clear();
            foreach (var proxy in forwarded.Proxies) headers.KnownProxies.Add(proxy);
            foreach (var network in forwarded.Networks) headers.KnownIPNetworks.Add(network);
        });
    }

    private static void MapFront(WebApplication app, ServerConfig config)
    {
        Management.Use(app, config.ManagementUrl);
        if (config.Forwarded is not null) app.UseForwardedHeaders();
        app.UseHostFiltering();
        app.MapErrand();
        app.MapErrandHealth();
        app.MapErrandDocuments();
        ConfiguredOAuth.Map(app, config.OAuth);
        foreach (var dialect in config.Dialects) ConfiguredDialects.Map(app, dialect);
        DocsPage.Map(app, config);
    }

    // Standard output is for data; a line of log is one line of standard error.
    private static void AddLogging(ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level).AddFilter("Microsoft", LogLevel.Warning).AddFilter("OpenIddict", LogLevel.Warning);
        // Whoever starts the server tells why it did not start; and a refused token is the caller's business.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddFilter("Errand.AspNetCore.AccessTokenHandler", LogLevel.Warning);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}

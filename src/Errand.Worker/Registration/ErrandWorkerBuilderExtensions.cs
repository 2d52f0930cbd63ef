using System.Diagnostics.CodeAnalysis;
using Errand;
using Errand.Configuration;
using Errand.Worker;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers handlers and the worker that runs them.</summary>
public static class ErrandWorkerBuilderExtensions
{
    /// <summary>Runs jobs in this process. Called again, it only adds to the options.</summary>
    public static IErrandBuilder AddWorker(this IErrandBuilder builder, Action<WorkerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.All(service => service.ServiceType != typeof(WorkerTelemetry)))
        {
            services.AddOptions<WorkerOptions>().ValidateOnStart();
            services.AddSection(WorkerSection.Name, WorkerSection.Keys);
            services.AddJobScope();
        }

        if (configure is not null) services.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkerOptions>, WorkerOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WorkerTelemetry>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILoggerProvider, AttemptLoggerProvider>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, JobWorker>());
        return builder;
    }

    /// <summary>Adds a handler class that carries <c>[Job("report.export")]</c>. One is made for each attempt, in a scope of its own.</summary>
    public static IErrandBuilder AddHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        this IErrandBuilder builder)
        where THandler : class, IJobHandler
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddScoped<THandler>();
        return builder.Add(DeclaredType.Of(typeof(THandler)), static services => services.GetRequiredService<THandler>());
    }

    /// <summary>Adds a type with a function that makes its handler, from the services of the attempt's scope.</summary>
    public static IErrandBuilder AddHandler(this IErrandBuilder builder, JobType type, Func<IServiceProvider, IJobHandler> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(create);
        return builder.Add(DeclaredType.Check(type), create);
    }

    /// <summary>Adds a type with the function that runs it.</summary>
    /// <typeparam name="TInput">What the input is read as.</typeparam>
    /// <typeparam name="TResult">What is returned; null gives no result.</typeparam>
    public static IErrandBuilder AddHandler<TInput, TResult>(
        this IErrandBuilder builder, JobType type, Func<TInput, JobContext, CancellationToken, Task<TResult>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var handler = new DelegateHandler<TInput, TResult>(run);
        return builder.AddHandler(type, _ => handler);
    }

    /// <summary>Adds a type by its name with the function that runs it.</summary>
    /// <typeparam name="TInput">What the input is read as.</typeparam>
    /// <typeparam name="TResult">What is returned; null gives no result.</typeparam>
    public static IErrandBuilder AddHandler<TInput, TResult>(
        this IErrandBuilder builder, string type, Func<TInput, JobContext, CancellationToken, Task<TResult>> run) =>
        builder.AddHandler(new JobType { Name = type }, run);

    private static IErrandBuilder Add(this IErrandBuilder builder, JobType type, Func<IServiceProvider, IJobHandler> create)
    {
        builder.Services.AddSingleton<IHandlerCatalog>(new HandlerCatalog(new HandlerRegistration(type, create)));
        return builder.AddWorker();
    }
}

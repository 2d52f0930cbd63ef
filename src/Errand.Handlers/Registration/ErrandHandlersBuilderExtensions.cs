using Errand;
using Errand.Handlers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers types that are run by a URL, a program or Errand itself. A process that is to run them also needs <c>AddWorker()</c>.</summary>
public static class ErrandHandlersBuilderExtensions
{
    /// <summary>Adds a type whose input is posted to a URL.</summary>
    /// <exception cref="InvalidOperationException">The options are wrong; the message names every field.</exception>
    public static IErrandBuilder AddHttpType(this IErrandBuilder builder, JobType type, HttpHandlerOptions options)
    {
        Check(builder, type, options?.Validate());
        var guard = new OutboundGuard(options!.CallerUrls);
        var client = HttpClients.Add(builder.Services, type.Name, guard: null);
        var guarded = HttpClients.Add(builder.Services, $"{type.Name}:caller", guard);
        return builder.Add(type with { Handler = "http" }, services => new HttpJobHandler(
            Exchange(services, client, options), Exchange(services, guarded, options), guard, options));
    }

    /// <summary>Adds a type whose items are posted to a URL, each by itself.</summary>
    /// <exception cref="InvalidOperationException">The options are wrong; the message names every field.</exception>
    public static IErrandBuilder AddHttpBatchType(this IErrandBuilder builder, JobType type, HttpBatchHandlerOptions options)
    {
        Check(builder, type, options?.Validate());
        var client = HttpClients.Add(builder.Services, type.Name, guard: null);
        return builder.Add(type with { Handler = "http.batch" }, services => new HttpBatchJobHandler(
            Exchange(services, client, options!), options!, services.GetRequiredService<TimeProvider>()));
    }

    /// <summary>
    /// Adds a type that a program runs. A program is not known to be repeatable: give the type one attempt, as
    /// <see cref="AddCommandType(IErrandBuilder, string, CommandHandlerOptions)"/> does, unless it is.
    /// </summary>
    /// <exception cref="InvalidOperationException">The options are wrong; the message names every field.</exception>
    public static IErrandBuilder AddCommandType(this IErrandBuilder builder, JobType type, CommandHandlerOptions options)
    {
        Check(builder, type, options?.Validate());
        builder.Services.TryAddSingleton<Spawner>();
        builder.Services.TryAddSingleton<ProcessTies>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CommandReaper>());
        builder.Services.AddSingleton(options!);
        return builder.Add(type with { Handler = "command" }, services => new CommandJobHandler(
            options!, services.GetRequiredService<Spawner>(), services.GetRequiredService<ProcessTies>(),
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<CommandJobHandler>>()));
    }

    /// <summary>Adds a type, with one attempt, that a program runs.</summary>
    /// <exception cref="InvalidOperationException">The options are wrong; the message names every field.</exception>
    public static IErrandBuilder AddCommandType(this IErrandBuilder builder, string type, CommandHandlerOptions options) =>
        builder.AddCommandType(new JobType { Name = type, MaxAttempts = 1 }, options);

    /// <summary>Adds <c>system.bulk</c>, which cancels, retries or removes many jobs in the name of a caller. Only Errand itself submits it.</summary>
    public static IErrandBuilder AddBulkActions(this IErrandBuilder builder, Action<BulkOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new BulkOptions();
        configure?.Invoke(options);
        if (options.Rate is < 1 or > 100_000) throw new InvalidOperationException($"The rate of bulk actions is {options.Rate}; 1 to 100,000 is expected.");
        var type = new JobType
        {
            Name = BulkJob.TypeName,
            Description = "Cancels, retries or removes every job that matches a filter.",
            Queue = options.Queue,
            Internal = true,
        };
        return builder.Add(type, services => new BulkJobHandler(
            services.GetRequiredService<IJobClients>(), options, services.GetRequiredService<TimeProvider>()));
    }

    private static HttpExchange Exchange(IServiceProvider services, string client, HttpHandlerOptions options) =>
        new(services.GetRequiredService<IHttpClientFactory>().CreateClient(client), options, services.GetRequiredService<TimeProvider>());

    private static void Check(IErrandBuilder builder, JobType type, IReadOnlyList<JobFieldError>? errors)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(errors);
        if (!JobNames.IsTypeOrQueue(type.Name))
            throw new InvalidOperationException($"'{type.Name}' cannot name a job type: [a-z][a-z0-9._-]{{0,127}} is expected, as in 'report.export'.");
        if (errors.Count > 0)
        {
            throw new InvalidOperationException(
                $"The type '{type.Name}' cannot be run as it is configured:" + string.Concat(errors.Select(error => $"\n  {error.Pointer}: {error.Detail}")));
        }
    }

    private static IErrandBuilder Add(this IErrandBuilder builder, JobType type, Func<IServiceProvider, IJobHandler> create)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IHandlerCatalog>(new HandlerCatalog(new HandlerRegistration(type, create)));
        return builder;
    }
}

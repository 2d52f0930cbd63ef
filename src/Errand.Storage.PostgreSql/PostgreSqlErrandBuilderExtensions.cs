using Errand;
using Errand.Storage;
using Errand.Storage.PostgreSql;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the PostgreSQL store.</summary>
public static class PostgreSqlErrandBuilderExtensions
{
    /// <summary>Keeps jobs in a PostgreSQL database that any number of nodes share.</summary>
    /// <param name="builder">What <c>AddErrand()</c> returned.</param>
    /// <param name="connectionString">The database; see <see cref="PostgreSqlStorageOptions.ConnectionString"/>.</param>
    public static IErrandBuilder UsePostgreSql(this IErrandBuilder builder, string connectionString) =>
        builder.UsePostgreSql(options => options.ConnectionString = connectionString);

    /// <summary>Keeps jobs in a PostgreSQL database that any number of nodes share.</summary>
    /// <remarks>
    /// The system's <see cref="TimeProvider"/> is replaced by a <see cref="StorageClock"/>, so that nodes agree on the time; one that was
    /// registered by the host is left as it is. Set the engine's <c>SessionTerm</c> to 10 seconds where several nodes share a store.
    /// </remarks>
    /// <param name="builder">What <c>AddErrand()</c> returned.</param>
    /// <param name="configure">Sets at least <see cref="PostgreSqlStorageOptions.ConnectionString"/>.</param>
    public static IErrandBuilder UsePostgreSql(this IErrandBuilder builder, Action<PostgreSqlStorageOptions> configure)
    {
        var options = new PostgreSqlStorageOptions();
        configure(options);
        var clock = builder.Services.LastOrDefault(service => service.ServiceType == typeof(TimeProvider));
        if (clock is null || clock.ImplementationInstance == TimeProvider.System)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new StorageClock(TimeProvider.System)));
        }

        builder.Services.Replace(ServiceDescriptor.Singleton<IJobStorage>(services => new PostgreSqlStorage(
            options,
            services.GetRequiredService<TimeProvider>(),
            services.GetService<ILogger<PostgreSqlStorage>>() ?? NullLogger<PostgreSqlStorage>.Instance)));
        return builder;
    }
}

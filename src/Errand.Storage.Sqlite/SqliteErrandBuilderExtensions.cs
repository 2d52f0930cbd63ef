using Errand;
using Errand.Storage;
using Errand.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the SQLite store.</summary>
public static class SqliteErrandBuilderExtensions
{
    /// <summary>Keeps jobs in one SQLite file, in a folder that this process alone owns.</summary>
    /// <param name="builder">What <c>AddErrand()</c> returned.</param>
    /// <param name="dataFolder">The folder; see <see cref="SqliteStorageOptions.DataFolder"/>.</param>
    public static IErrandBuilder UseSqlite(this IErrandBuilder builder, string dataFolder) =>
        builder.UseSqlite(options => options.DataFolder = dataFolder);

    /// <summary>Keeps jobs in one SQLite file, in a folder that this process alone owns.</summary>
    /// <param name="builder">What <c>AddErrand()</c> returned.</param>
    /// <param name="configure">Sets at least <see cref="SqliteStorageOptions.DataFolder"/>.</param>
    public static IErrandBuilder UseSqlite(this IErrandBuilder builder, Action<SqliteStorageOptions> configure)
    {
        var options = new SqliteStorageOptions();
        configure(options);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Replace(ServiceDescriptor.Singleton<IJobStorage>(services => new SqliteStorage(
            options,
            services.GetRequiredService<TimeProvider>(),
            services.GetService<ILogger<SqliteStorage>>() ?? NullLogger<SqliteStorage>.Instance)));
        return builder;
    }
}

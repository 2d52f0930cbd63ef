using Errand;
using Errand.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Makes a context submit jobs.</summary>
public static class ErrandDbContextOptionsExtensions
{
    /// <summary>
    /// Lets contexts submit jobs with their entities: <c>services.AddDbContext&lt;Shop&gt;((provider, options) => options.UseSqlite("Data Source=shop.db").UseErrand(provider))</c>.
    /// </summary>
    /// <param name="options">The options of the context.</param>
    /// <param name="services">The app's services, with <c>AddErrand()</c> and a store among them.</param>
    public static DbContextOptionsBuilder UseErrand(this DbContextOptionsBuilder options, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(services);
        if (options.Options.FindExtension<ErrandOptionsExtension>() is not null) return options;
        var clients = services.GetService<IJobClients>() ?? throw new InvalidOperationException(
            "There is no Errand among the services. Add it first: services.AddErrand().UseSqlite(\"data\").");
        ((IDbContextOptionsBuilderInfrastructure)options).AddOrUpdateExtension(new ErrandOptionsExtension(services.GetService<TimeProvider>() ?? TimeProvider.System));
        return options.AddInterceptors(new SubmitInterceptor(clients));
    }

    /// <inheritdoc cref="UseErrand(DbContextOptionsBuilder, IServiceProvider)"/>
    public static DbContextOptionsBuilder<TContext> UseErrand<TContext>(this DbContextOptionsBuilder<TContext> options, IServiceProvider services)
        where TContext : DbContext => (DbContextOptionsBuilder<TContext>)UseErrand((DbContextOptionsBuilder)options, services);
}

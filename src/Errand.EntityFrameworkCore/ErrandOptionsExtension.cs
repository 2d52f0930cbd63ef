using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.EntityFrameworkCore;

/// <summary>Puts <see cref="PendingJobs"/> among the services of each context, and carries what they need.</summary>
internal sealed class ErrandOptionsExtension(TimeProvider time) : IDbContextOptionsExtension
{
    public TimeProvider Time => time;

    public DbContextOptionsExtensionInfo Info => new ExtensionInfo(this);

    public void ApplyServices(IServiceCollection services) => services
        .AddScoped<PendingJobs>()
        .AddScoped<IResettableService>(provider => provider.GetRequiredService<PendingJobs>());

    public void Validate(IDbContextOptions options)
    {
    }

    /// <summary>The services are the same whatever the options: contexts with and without jobs of other apps can share a provider.</summary>
    private sealed class ExtensionInfo(ErrandOptionsExtension extension) : DbContextOptionsExtensionInfo(extension)
    {
        public override bool IsDatabaseProvider => false;

        public override string LogFragment => "with Errand ";

        public override int GetServiceProviderHashCode() => 0;

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is ExtensionInfo;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo) => debugInfo["Errand"] = "1";
    }
}

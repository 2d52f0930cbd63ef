using Errand;
using Errand.AspNetCore;
using Errand.Dialects.Workiva;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the wires of Workiva.</summary>
public static class WorkivaBuilderExtensions
{
    /// <summary>Adds what <c>app.MapErrandWorkiva()</c> needs: queue jobs and operations.</summary>
    /// <exception cref="InvalidOperationException">An option is wrong; the message names it.</exception>
    public static IErrandBuilder AddWorkiva(this IErrandBuilder builder, Action<WorkivaOptions> configure)
    {
        var options = new WorkivaOptions();
        configure(options);
        return builder.AddWorkiva(options);
    }

    /// <summary>The same with options that are made already.</summary>
    /// <exception cref="InvalidOperationException">An option is wrong; the message names it.</exception>
    public static IErrandBuilder AddWorkiva(this IErrandBuilder builder, WorkivaOptions options)
    {
        options.Validate();
        builder.Services.AddSingleton(options);
        if (options.RateLimit is { } rate) builder.Services.PostConfigure<ErrandApiOptions>(api => api.RateLimits.Add(PolicyOf(rate)));
        return builder.AddDialect<WorkivaDialect>();
    }

    // A window holds whole requests: one below a second is a longer window for one.
    private static RateLimitPolicy PolicyOf(double perSecond) => perSecond < 1
        ? new RateLimitPolicy(WorkivaDialect.DialectName, 1, TimeSpan.FromSeconds(1 / perSecond)) { Wire = WorkivaDialect.DialectName }
        : new RateLimitPolicy(WorkivaDialect.DialectName, (int)perSecond, TimeSpan.FromSeconds(1)) { Wire = WorkivaDialect.DialectName };
}

using Errand;
using Errand.AspNetCore;
using Errand.Dialects.Workiva;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the wires of Workiva.</summary>
public static class WorkivaBuilderExtensions
{
    private static readonly TimeSpan[] Windows = [TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)];

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

    // A window holds whole requests: the shortest of a second, a minute and an hour in which they are.
    private static RateLimitPolicy PolicyOf(double perSecond)
    {
        foreach (var window in Windows)
        {
            var requests = Math.Round(perSecond * window.TotalSeconds);
            if (requests >= 1 && Math.Abs((perSecond * window.TotalSeconds) - requests) < 1e-6) return Policy((int)requests, window);
        }

        return perSecond < 1 ? Policy(1, TimeSpan.FromSeconds(1 / perSecond)) : Policy((int)perSecond, Windows[0]);
    }

    private static RateLimitPolicy Policy(int requests, TimeSpan window) => new(WorkivaDialect.DialectName, requests, window) { Wire = WorkivaDialect.DialectName };
}

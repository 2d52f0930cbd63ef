using Errand;
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
        return builder.AddDialect<WorkivaDialect>();
    }
}

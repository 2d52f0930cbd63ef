using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.AspNetCore;

/// <summary>A parameter of an endpoint's handler: stored with the job, or found anew when it runs.</summary>
/// <param name="Name">Its name, which is the member of the stored input.</param>
/// <param name="Json">How it is stored; null for what is not stored.</param>
/// <param name="Resolve">How it is found when the job runs; null for what is stored.</param>
/// <param name="Default">What it is where the input says nothing.</param>
internal sealed record EndpointParameter(string Name, JsonTypeInfo? Json, Func<IServiceProvider, JobContext, object?>? Resolve, object? Default = null)
{
    /// <summary>What is not stored, by its type; null for everything else.</summary>
    public static EndpointParameter? Injected(ParameterInfo parameter, IServiceProvider services)
    {
        var (name, type) = (parameter.Name!, parameter.ParameterType);
        if (type == typeof(CancellationToken)) return new(name, null, static (_, job) => job.Cancellation);
        if (type == typeof(JobContext) || type == typeof(IProgress<JobProgress>)) return new(name, null, static (_, job) => job);
        if (type == typeof(JobCaller)) return new(name, null, static (scope, _) => scope.GetRequiredService<JobScope>().Caller);
        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { Key: { } key })
        {
            return new(name, null, (scope, _) => scope.GetRequiredKeyedService(type, key));
        }

        var isService = parameter.GetCustomAttributes().Any(a => a is Microsoft.AspNetCore.Http.Metadata.IFromServiceMetadata)
            || (!IsBound(parameter) && !IsText(type) && services.GetService<IServiceProviderIsService>()?.IsService(type) == true);
        if (!isService) return null;
        return parameter.HasDefaultValue || new NullabilityInfoContext().Create(parameter).ReadState is NullabilityState.Nullable
            ? new(name, null, (scope, _) => scope.GetService(type))
            : new(name, null, (scope, _) => scope.GetRequiredService(type));
    }

    private static bool IsBound(ParameterInfo parameter) => parameter.GetCustomAttributes().Any(
        a => a is Microsoft.AspNetCore.Http.Metadata.IFromBodyMetadata or Microsoft.AspNetCore.Http.Metadata.IFromRouteMetadata
            or Microsoft.AspNetCore.Http.Metadata.IFromQueryMetadata or Microsoft.AspNetCore.Http.Metadata.IFromFormMetadata or AsParametersAttribute);

    // What the framework reads from a route or a query is never looked up as a service.
    private static bool IsText(Type type) => type == typeof(string) || type.IsPrimitive || type.IsEnum || (Nullable.GetUnderlyingType(type) ?? type).IsValueType;
}

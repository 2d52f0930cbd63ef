using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Errand.AspNetCore;

/// <summary>Looks at an endpoint's handler when the endpoint is built.</summary>
internal static class EndpointJobBuilding
{
    /// <summary>The filter that accepts jobs instead of calling the handler; the handler is kept for when they run.</summary>
    public static EndpointFilterDelegate Filter(EndpointJob job, EndpointFilterFactoryContext context, EndpointFilterDelegate handler)
    {
        var services = context.ApplicationServices;
        if (services.GetService<ErrandComposition>() is not { } composition)
            throw new InvalidOperationException($"{job.Name} needs Errand. Add it before the app is built: builder.Services.AddErrand().UseSqlite(\"data\").AddWorker();");
        Look(job, context, handler);
        if (composition.IsFixed && composition.StandBy is null && !composition.Handlers.Any(h => h.Type == job.Type))
        {
            throw new InvalidOperationException(
                $"{job.Name} was found only after Errand had started, so nothing would run its jobs. Map Errand on the app itself, before it starts: app.MapErrand(\"/v1\");");
        }

        return invocation => EndpointJobAccepting.AnswerAsync(job, invocation);
    }

    private static void Look(EndpointJob job, EndpointFilterFactoryContext context, EndpointFilterDelegate handler)
    {
        var json = Options(context.ApplicationServices);
        List<string> mistakes = [];
        List<EndpointParameter> parameters = [];
        foreach (var parameter in context.MethodInfo.GetParameters())
        {
            if (EndpointParameter.Injected(parameter, context.ApplicationServices) is { } injected) parameters.Add(injected);
            else if (RefusedParameters.Mistake(parameter, json) is { } mistake) mistakes.Add($"{job.Name}: {mistake}");
            else parameters.Add(new EndpointParameter(parameter.Name!, json.GetTypeInfo(parameter.ParameterType), null, parameter.HasDefaultValue ? parameter.DefaultValue : null));
        }

        job.Mistakes = mistakes;
        if (mistakes.Count == 0) job.Plan = new EndpointJobPlan(parameters, json, handler, ResultType(context.MethodInfo));
    }

    private static JsonSerializerOptions Options(IServiceProvider services)
    {
        var options = new JsonSerializerOptions(services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
        options.TypeInfoResolverChain.Add(PlainJson.Default);
        return options;
    }

    private static Type? ResultType(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(void) || type == typeof(Task) || type == typeof(ValueTask)) return null;
        var isTask = type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>));
        return isTask ? type.GenericTypeArguments[0] : type;
    }
}

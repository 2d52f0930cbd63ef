using Microsoft.AspNetCore.Routing;

namespace Errand.AspNetCore;

/// <summary>Finds the endpoints of an app that run as jobs, when the engine starts.</summary>
internal static class EndpointJobCatalog
{
    /// <summary>One registration per type.</summary>
    /// <exception cref="InvalidOperationException">Some cannot run as jobs; every mistake is named with its fix.</exception>
    public static IEnumerable<HandlerRegistration> Read(IEndpointRouteBuilder app, Sealer sealer)
    {
        var jobs = app.DataSources.SelectMany(source => source.Endpoints).Select(endpoint => endpoint.Metadata.GetMetadata<EndpointJob>())
            .OfType<EndpointJob>().Distinct().ToList();
        var mistakes = jobs.SelectMany(job => job.Mistakes).ToList();
        if (mistakes.Count > 0) throw new InvalidOperationException("These endpoints cannot run as jobs:\n" + string.Join('\n', mistakes.Select(m => "- " + m)));
        return jobs.Select(job => new HandlerRegistration(job.Type, _ => new EndpointJobHandler(job, sealer)));
    }
}

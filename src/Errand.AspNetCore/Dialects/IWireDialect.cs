using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Errand.AspNetCore;

/// <summary>A wire format for the same jobs. Its handlers speak to <see cref="IJobClient"/> and the facets beside it, and to nothing else.</summary>
public interface IWireDialect
{
    /// <summary>Its name: <c>native</c>.</summary>
    string Name { get; }

    /// <summary>Maps its routes below a group.</summary>
    void MapEndpoints(IEndpointRouteBuilder routes);

    /// <summary>Puts a refusal into its own words.</summary>
    IResult Problem(JobProblem problem);
}

using Errand;
using Errand.AspNetCore;
using Errand.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Turns endpoints into jobs.</summary>
public static class RunsAsJobExtensions
{
    /// <summary>
    /// Answers 202 at once and runs the handler as a job. Authentication, authorization, binding, validation and the endpoint's filters
    /// run with the request, as before; then the bound arguments are stored – never headers, cookies or the HttpContext – with who
    /// called. When the job runs, services, <see cref="JobContext"/>, <c>IProgress&lt;JobProgress&gt;</c>, <see cref="JobCaller"/> and the
    /// <see cref="CancellationToken"/> are resolved anew. What the handler returns becomes the job's result, with its status and media
    /// type; an answer of 400 or more fails the job, to be tried again from 500 on. Needs <c>app.MapErrand()</c>, and in the process
    /// that is to run the jobs <c>AddErrand().AddWorker()</c> and the same mapping. Must be the last on its endpoint.
    /// </summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="type">The durable name of its jobs: <c>report.export</c>. Keep it when route and handler change.</param>
    public static RouteHandlerBuilder RunsAsJob(this RouteHandlerBuilder builder, string type) => builder.RunsAsJob(new JobType { Name = type });

    /// <summary>As <see cref="RunsAsJob(RouteHandlerBuilder, string)"/>, with what else is declared of the type: attempts, timeout, queue, former names.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="type">The type. Its <see cref="JobType.Handler"/> is always <c>endpoint</c>.</param>
    public static RouteHandlerBuilder RunsAsJob(this RouteHandlerBuilder builder, JobType type)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(type);
        var job = new EndpointJob(type with { Handler = "endpoint" });
        EndpointFilterDelegate Make(EndpointFilterFactoryContext context, EndpointFilterDelegate next) => EndpointJobBuilding.Filter(job, context, next);
        Func<EndpointFilterFactoryContext, EndpointFilterDelegate, EndpointFilterDelegate> factory = Make;
        builder.Add(endpoint =>
        {
            endpoint.FilterFactories.Add(factory);
            endpoint.Metadata.Add(job);
        });
        builder.Finally(endpoint =>
        {
            // A filter behind ours would run with the job and not with the request: too late for a 400.
            if (!ReferenceEquals(endpoint.FilterFactories[^1], factory))
                throw new InvalidOperationException($"{job.Name} must come last on its endpoint: put it after AddEndpointFilter, so that the filter runs with the request.");
            Describe(endpoint);
        });
        return builder;
    }

    /// <summary>The endpoint's own answer is the job's result now; its document shows the 202.</summary>
    private static void Describe(EndpointBuilder endpoint)
    {
        foreach (var answer in endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Where(a => a.StatusCode < 300).ToList()) endpoint.Metadata.Remove(answer);
        endpoint.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(JobResource), ["application/json"])
        {
            Description = "Accepted: the job. Operation-Location is its status, Location its result, Retry-After says when to ask.",
        });
    }
}

using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>
/// An endpoint that carries <c>.RunsAsJob()</c>, as metadata: what its jobs are, and, once the endpoint was built, how its handler is called.
/// </summary>
internal sealed class EndpointJob(JobType type)
{
    /// <summary>The type that its jobs are of.</summary>
    public JobType Type { get; } = type;

    /// <summary>How its handler is called. Set when the endpoint is built; built again, it is the same.</summary>
    public EndpointJobPlan? Plan { get; set; }

    /// <summary>Why it cannot run as a job, one sentence each.</summary>
    public IReadOnlyList<string> Mistakes { get; set; } = [];

    /// <summary>How mistakes name it.</summary>
    public string Name => $".RunsAsJob(\"{Type.Name}\")";
}

/// <summary>What an endpoint's handler is called with, and how.</summary>
/// <param name="Parameters">One for each parameter of the handler, in order.</param>
/// <param name="Json">How arguments and results are read and written.</param>
/// <param name="Call">Calls the handler itself, past every filter.</param>
/// <param name="ResultType">What the handler gives, without the task around it; null for nothing.</param>
internal sealed record EndpointJobPlan(
    IReadOnlyList<EndpointParameter> Parameters, System.Text.Json.JsonSerializerOptions Json, EndpointFilterDelegate Call, Type? ResultType);

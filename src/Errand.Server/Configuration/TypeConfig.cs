using Errand.Dialects.Alteryx;
using Errand.Handlers;

namespace Errand.Server.Configuration;

/// <summary>A declared type with what runs it here.</summary>
/// <param name="Type">The declaration.</param>
/// <param name="Handler">What runs it.</param>
public sealed record TypeConfig(JobType Type, HandlerConfig Handler)
{
    /// <summary>What is said of it as a workflow of Alteryx.</summary>
    public AlteryxWorkflow? Alteryx { get; init; }
}

/// <summary>What runs a type: a closed set.</summary>
public abstract record HandlerConfig
{
    private HandlerConfig()
    {
    }

    /// <summary>The job is posted to a URL.</summary>
    /// <param name="Options">Where and how.</param>
    public sealed record Http(HttpHandlerOptions Options) : HandlerConfig;

    /// <summary>Each item is posted to a URL.</summary>
    /// <param name="Options">Where and how.</param>
    public sealed record HttpBatch(HttpBatchHandlerOptions Options) : HandlerConfig;

    /// <summary>A program is run.</summary>
    /// <param name="Options">Which and how.</param>
    public sealed record Command(CommandHandlerOptions Options) : HandlerConfig;

    /// <summary>Nothing here: jobs are accepted, and a worker elsewhere runs them.</summary>
    public sealed record None : HandlerConfig
    {
        /// <summary>The one value.</summary>
        public static None Instance { get; } = new();
    }
}

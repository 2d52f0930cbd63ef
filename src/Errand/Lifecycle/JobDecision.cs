using Errand.Storage;

namespace Errand.Lifecycle;

/// <summary>What a command leads to: a closed set.</summary>
internal abstract record JobDecision
{
    private JobDecision()
    {
    }

    /// <summary>The job changes.</summary>
    public sealed record Change(JobChange Value) : JobDecision;

    /// <summary>Nothing is left to do, and that is no error.</summary>
    public sealed record Ignore(string Reason) : JobDecision;

    /// <summary>The command is against the rules.</summary>
    public sealed record Refuse(JobProblem Problem) : JobDecision;
}

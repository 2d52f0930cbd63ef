using Errand.Contracts;

namespace Errand.Client;

/// <summary>A job as it was when the server answered.</summary>
/// <param name="Job">The job.</param>
/// <param name="ETag">What to compare with; quotes included.</param>
/// <param name="RetryAfter">When the server suggests to look again; null once the job is done.</param>
public sealed record JobSnapshot(JobResource Job, string? ETag, TimeSpan? RetryAfter)
{
    /// <summary>The server held the request until there was something to say, or for as long as it was asked to.</summary>
    internal bool Held { get; init; }
}

/// <summary>An accepted submit.</summary>
/// <param name="Job">The job.</param>
/// <param name="Replayed">True when the same request had been accepted before.</param>
/// <param name="Reused">True when a live job had the unique key.</param>
public sealed record SubmittedJob(JobResource Job, bool Replayed, bool Reused);

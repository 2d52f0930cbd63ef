using Errand.Contracts;

namespace Errand.Client.Waiting;

/// <summary>Where a handle reads its job: Errand's own API, or any status address.</summary>
internal interface IJobWire
{
    /// <summary>What the handle is: the id of a job, or an address.</summary>
    string Id { get; }

    /// <summary>True when the server is expected to hold a request until something happens, so that none needs to be paced.</summary>
    bool Holds { get; }

    /// <summary>Reads the job; with <paramref name="known"/>, may take up to <paramref name="hold"/> to find a change or the end.</summary>
    Task<JobSnapshot> ReadAsync(JobSnapshot? known, bool everyChange, TimeSpan hold, CancellationToken cancellationToken);

    /// <summary>Follows the job to its end.</summary>
    IAsyncEnumerable<JobEventResource> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Opens the result of a job that succeeded; null when it has none.</summary>
    Task<Download?> OpenResultAsync(CancellationToken cancellationToken);

    /// <summary>Asks the job to stop.</summary>
    Task<JobResource> CancelAsync(string? reason, CancellationToken cancellationToken);

    /// <summary>Items, messages and outputs; an error that says why where there are none.</summary>
    HttpJobClient Contents { get; }
}

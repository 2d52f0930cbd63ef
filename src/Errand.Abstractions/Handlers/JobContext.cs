using System.Text.Json;
using Errand.Work;

namespace Errand;

/// <summary>What a handler knows of the attempt it runs, and how it reports. Valid until the handler returns.</summary>
public abstract class JobContext : IProgress<JobProgress>
{
    /// <summary>The head as it was claimed: id, type, owner, attempt.</summary>
    public abstract JobHead Head { get; }

    /// <summary>What was said about the job.</summary>
    public abstract JobDetails Details { get; }

    /// <summary>The input as documents.</summary>
    public abstract JobInput Input { get; }

    /// <summary>The services of this attempt's own scope.</summary>
    public abstract IServiceProvider Services { get; }

    /// <summary>How inputs and results are read and written.</summary>
    public abstract JsonSerializerOptions SerializerOptions { get; }

    /// <summary>The number of this attempt, from 1.</summary>
    public int Attempt => Head.Attempt;

    /// <summary>The fencing token of this attempt's claim: greater than that of any earlier one. Give it to what must refuse an outlived attempt.</summary>
    public long Fence => Head.Token;

    /// <summary>Raised by a cancel, a timeout, the deadline, a lost session and the shutdown of the worker; the same that the handler is given.</summary>
    public virtual CancellationToken Cancellation => CancellationToken.None;

    /// <summary>Reports progress: the latest report wins, about one write a second. Never waits.</summary>
    public abstract void Report(JobProgress value);

    /// <summary>Says a line in the job's log. Lines are written together; waits when the handler says more than the store takes.</summary>
    public abstract ValueTask LogAsync(JobSeverity severity, string text, int? source = null, CancellationToken cancellationToken = default);

    /// <summary>Reports items in bulk; returns when they are stored.</summary>
    public abstract ValueTask<JobItemCounts> WriteItemsAsync(IReadOnlyList<JobItem> items, CancellationToken cancellationToken = default);

    /// <summary>Outcomes that earlier attempts stored, with an index over <paramref name="after"/>; begin with -1.</summary>
    public abstract ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(int after, int limit, CancellationToken cancellationToken = default);

    /// <summary>The items that the job was submitted with, in order, without holding them all.</summary>
    public abstract IAsyncEnumerable<JobItemInput> ReadItemsAsync(CancellationToken cancellationToken = default);

    /// <summary>Publishes an output; returns when it is durable and visible.</summary>
    public abstract ValueTask<JobOutput> PublishAsync(OutputDraft draft, CancellationToken cancellationToken = default);
}

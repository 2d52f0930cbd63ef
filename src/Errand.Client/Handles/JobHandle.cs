using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Errand.Client.Waiting;
using Errand.Contracts;

namespace Errand.Client;

/// <summary>
/// A job, wherever it runs. A handle is its <see cref="Id"/>: keep that, and <see cref="IErrandJobs.Get(string)"/> gives the handle again
/// in another process, without a request. Two handles of one job are equal. Thread-safe. Members are virtual so that a test can replace them.
/// </summary>
public class JobHandle : IEquatable<JobHandle>
{
    private readonly IJobWire? _wire;
    private readonly HttpJobClientOptions? _options;

    /// <summary>A handle that reads nothing: for a test that overrides what it needs.</summary>
    /// <param name="id">The id.</param>
    protected JobHandle(string id)
    {
        Id = id;
        Outputs = new JobOutputs(this);
    }

    internal JobHandle(IJobWire wire, HttpJobClientOptions options)
        : this(wire.Id)
    {
        _wire = wire;
        _options = options;
    }

    /// <summary>The id of the job, or the status address of a job of another system. All that needs to be kept.</summary>
    public string Id { get; }

    /// <summary>The files that the job published.</summary>
    public virtual JobOutputs Outputs { get; }

    internal IJobWire Wire => _wire ?? throw new NotSupportedException(
        $"This handle of {Id} was made for a test, which did not override what is used here.");

    internal HttpJobClientOptions Options => _options ?? throw new NotSupportedException($"This handle of {Id} was made for a test.");

    /// <summary>The same job, with results of a type.</summary>
    /// <param name="result">How the result is read.</param>
    public JobHandle<TResult> As<TResult>(JsonTypeInfo<TResult> result) => new(Wire, Options, result);

    /// <summary>The same job, with results of a type that is read by reflection (camelCase).</summary>
    [RequiresUnreferencedCode(Reflected.Message), RequiresDynamicCode(Reflected.Message)]
    public JobHandle<TResult> As<TResult>() => As(Reflected.TypeInfo<TResult>());

    /// <summary>Reads the job as it is now.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="JobNotFoundException">There is no such job for this caller.</exception>
    /// <exception cref="JobExpiredException">The job was removed after its time.</exception>
    public virtual Task<JobSnapshot> GetAsync(CancellationToken cancellationToken = default) =>
        Wire.ReadAsync(known: null, everyChange: true, TimeSpan.Zero, cancellationToken);

    /// <summary>Waits until the job ended well. Ending the wait never ends the job.</summary>
    /// <param name="progress">Told of the job's progress whenever it changed.</param>
    /// <param name="cancellationToken">Ends the wait, not the job.</param>
    /// <returns>The finished job.</returns>
    /// <exception cref="JobFailedException">The job failed.</exception>
    /// <exception cref="JobCanceledException">The job was canceled.</exception>
    public virtual async Task<JobResource> WaitAsync(IProgress<JobProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var job = await WaitForEndAsync(timeout: null, progress, cancellationToken);
        JobException.ThrowUnlessSucceeded(this, job);
        return job;
    }

    /// <summary>Waits until the job ended, however it ended. Ending the wait never ends the job.</summary>
    /// <param name="timeout">How long to wait; null for as long as it takes.</param>
    /// <param name="progress">Told of the job's progress whenever it changed.</param>
    /// <param name="cancellationToken">Ends the wait, not the job.</param>
    /// <returns>The finished job.</returns>
    /// <exception cref="JobWaitTimeoutException">The time was over first; the job goes on.</exception>
    public virtual async Task<JobResource> WaitForEndAsync(
        TimeSpan? timeout = null, IProgress<JobProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Action<JobSnapshot>? seen = progress is null ? null : new ProgressRelay(progress).Tell;
        var last = await new JobWaiter(Wire, Options).UntilDoneAsync(timeout, seen, cancellationToken);
        return last is { Job.Done: true } ? last.Job : throw new JobWaitTimeoutException(this, last, timeout);
    }

    /// <summary>
    /// Follows the job to its end: as it is, then every change. A broken stream is resumed where it broke; where there is none to be had,
    /// the job is polled.
    /// </summary>
    /// <param name="cancellationToken">Ends the following, not the job.</param>
    public virtual async IAsyncEnumerable<JobEventResource> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var happened in Wire.WatchAsync(cancellationToken)) yield return happened;
    }

    /// <summary>Asks the job to stop: at once while it waits, by its handler while it runs. A finished job is returned as it is.</summary>
    /// <param name="reason">Why, for people: at most 500 characters.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public virtual Task<JobResource> CancelAsync(string? reason = null, CancellationToken cancellationToken = default) =>
        Wire.CancelAsync(reason, cancellationToken);

    /// <summary>Opens the result of a job that ended well, as bytes; null when it has none or is not finished. Dispose it.</summary>
    /// <param name="cancellationToken">Ends the call, and the download.</param>
    public virtual Task<Download?> OpenResultAsync(CancellationToken cancellationToken = default) => Wire.OpenResultAsync(cancellationToken);

    /// <summary>The items of a batch job, by index, page by page as they are enumerated.</summary>
    /// <param name="status">Only items with this outcome.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    public virtual IAsyncEnumerable<ItemResource> ItemsAsync(JobItemStatus? status = null, CancellationToken cancellationToken = default) =>
        Wire.Contents.ItemsAsync(Id, status, pageSize: null, cancellationToken);

    /// <summary>The lines of the job's log, oldest first, page by page as they are enumerated.</summary>
    /// <param name="severity">At least this grave.</param>
    /// <param name="after">After this sequence.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    public virtual IAsyncEnumerable<MessageResource> MessagesAsync(
        JobSeverity? severity = null, long? after = null, CancellationToken cancellationToken = default) =>
        Wire.Contents.MessagesAsync(Id, severity, attempt: null, after, cancellationToken);

    /// <inheritdoc/>
    public bool Equals(JobHandle? other) => other is not null && string.Equals(Id, other.Id, StringComparison.Ordinal);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as JobHandle);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Id);

    /// <summary>The id.</summary>
    public sealed override string ToString() => Id;
}

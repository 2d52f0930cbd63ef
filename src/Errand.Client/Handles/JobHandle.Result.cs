using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Errand.Client.Waiting;
using Errand.Contracts;

namespace Errand.Client;

/// <summary>A job whose result is a <typeparamref name="TResult"/>.</summary>
/// <typeparam name="TResult">What the result is read as.</typeparam>
public class JobHandle<TResult> : JobHandle
{
    private readonly JsonTypeInfo<TResult>? _result;

    /// <summary>A handle that reads nothing: for a test that overrides what it needs.</summary>
    /// <param name="id">The id.</param>
    protected JobHandle(string id)
        : base(id)
    {
    }

    internal JobHandle(IJobWire wire, HttpJobClientOptions options, JsonTypeInfo<TResult> result)
        : base(wire, options) => _result = result;

    /// <summary>Waits until the job ended well, and reads its result. Ending the wait never ends the job.</summary>
    /// <param name="progress">Told of the job's progress whenever it changed.</param>
    /// <param name="cancellationToken">Ends the wait, not the job.</param>
    /// <returns>The result; the default of the type when the job has none.</returns>
    /// <exception cref="JobFailedException">The job failed.</exception>
    /// <exception cref="JobCanceledException">The job was canceled.</exception>
    /// <exception cref="JobResultException">The result is not what was expected.</exception>
    public new virtual async Task<TResult> WaitAsync(
        IProgress<JobProgress>? progress = null, CancellationToken cancellationToken = default) =>
        (await WaitForOutcomeAsync(timeout: null, progress, cancellationToken)).GetResult()!;

    /// <summary>
    /// Waits until the job ended, and tells how: never throws for what became of the job. Ending the wait never ends the job.
    /// </summary>
    /// <param name="timeout">How long to wait; null for as long as it takes.</param>
    /// <param name="progress">Told of the job's progress whenever it changed.</param>
    /// <param name="cancellationToken">Ends the wait, not the job.</param>
    /// <exception cref="JobWaitTimeoutException">The time was over first; the job goes on.</exception>
    /// <exception cref="JobResultException">The result is not what was expected.</exception>
    public virtual async Task<JobOutcome<TResult>> WaitForOutcomeAsync(
        TimeSpan? timeout = null, IProgress<JobProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var job = await WaitForEndAsync(timeout, progress, cancellationToken);
        var result = job.Status is JobStatus.Succeeded ? await ReadAsync(job, cancellationToken) : default;
        return new JobOutcome<TResult>(this, job, result);
    }

    // A small JSON result came with the job; anything else is fetched.
    private async Task<TResult?> ReadAsync(JobResource job, CancellationToken cancellationToken)
    {
        var type = _result ?? throw new NotSupportedException($"This handle of {Id} was made for a test.");
        try
        {
            if (job.Result is { } inline) return JsonSerializer.Deserialize(inline.Utf8.Span, type);
            using var download = await OpenResultAsync(cancellationToken);
            if (download is null) return default;
            return IsJson(download.ContentType)
                ? await JsonSerializer.DeserializeAsync(download.Content, type, cancellationToken)
                : throw new JobResultException(this, job, $"it is {download.ContentType ?? "of no known type"}: read it with OpenResultAsync.");
        }
        catch (JsonException e)
        {
            throw new JobResultException(this, job, $"it cannot be read as {typeof(TResult).Name}: {e.Message}", e);
        }
    }

    private static bool IsJson(string? mediaType) =>
        mediaType?.Split(';')[0].Trim() is { } type
        && (type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
}

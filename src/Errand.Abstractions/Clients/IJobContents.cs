using Errand.Storage;

namespace Errand;

/// <summary>
/// What jobs hold beside their status, as one caller. A job that the caller may not see is a <see cref="JobProblems.NotFound"/>, a purged one <see cref="JobProblems.JobPurged"/>.
/// </summary>
public interface IJobContents
{
    /// <summary>Items by index.</summary>
    ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(JobId id, ItemQuery query, CancellationToken cancellationToken = default);

    /// <summary>Lines of the log, oldest first.</summary>
    ValueTask<MessagePage> ListMessagesAsync(JobId id, MessageQuery query, CancellationToken cancellationToken = default);

    /// <summary>Published outputs.</summary>
    ValueTask<IReadOnlyList<JobOutput>> ListOutputsAsync(JobId id, CancellationToken cancellationToken = default);

    /// <summary>Opens an output for reading; null when the job has no such output or format. Without a format: the first one.</summary>
    ValueTask<OutputContent?> OpenOutputAsync(JobId id, string outputId, string? format, CancellationToken cancellationToken = default);

    /// <summary>Opens the result of a succeeded job, wherever it lies; null when there is none.</summary>
    ValueTask<OutputContent?> OpenResultAsync(JobId id, CancellationToken cancellationToken = default);

    /// <summary>Takes a file of items from a stream of any length up to 1 GiB, without holding it. What is wrong with it is a <see cref="JobProblems.InvalidRequest"/> with the line.</summary>
    ValueTask<Upload> UploadAsync(UploadFormat format, Stream content, CancellationToken cancellationToken = default);
}

/// <summary>The shapes of an upload.</summary>
public enum UploadFormat
{
    /// <summary>RFC 4180 with a header row; each row becomes an object of strings.</summary>
    Csv,

    /// <summary>One JSON value a line.</summary>
    Ndjson,

    /// <summary>One JSON array.</summary>
    Json,
}

/// <summary>Bytes with what is known of them. Dispose it.</summary>
/// <param name="Content">The bytes, seekable.</param>
/// <param name="FileName">The name a download gets.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Digest">SHA-256 as <c>sha-256=:base64:</c> (RFC 9530).</param>
/// <param name="StatusCode">The HTTP status that a result was produced with.</param>
public sealed record OutputContent(Stream Content, string FileName, string ContentType, long Size, string Digest, int StatusCode = 200) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

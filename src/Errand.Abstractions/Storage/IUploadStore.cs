namespace Errand.Storage;

/// <summary>Uploaded item files that wait to be named by a submit.</summary>
public interface IUploadStore
{
    /// <summary>Stores the row of an upload whose file is already in place.</summary>
    ValueTask AddAsync(Upload upload, CancellationToken cancellationToken);

    /// <summary>Finds one, used or not.</summary>
    ValueTask<Upload?> FindAsync(string tenant, string id, CancellationToken cancellationToken);
}

/// <summary>An uploaded file of items, kept as one JSON object a line.</summary>
/// <param name="Id">Its name: 32 hex digits.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Owner">Who sent it.</param>
/// <param name="Format">What was sent: <c>csv</c>, <c>ndjson</c>, <c>json</c>.</param>
/// <param name="Items">How many items it holds.</param>
/// <param name="Size">Bytes as sent.</param>
/// <param name="Digest">SHA-256 of the bytes as sent, <c>sha-256=:base64:</c>.</param>
/// <param name="Location">Where the output store keeps it.</param>
/// <param name="CreatedAt">When it was stored.</param>
/// <param name="ExpiresAt">When it is removed if no job names it.</param>
public sealed record Upload(
    string Id, string Tenant, string Owner, string Format, int Items, long Size, string Digest, string Location,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

namespace Errand;

/// <summary>A file that a job published, in one or several formats.</summary>
/// <param name="Id">Its name within the job: <c>[A-Za-z0-9._-]{1,128}</c>.</param>
/// <param name="FileName">The name a download gets, without a folder.</param>
/// <param name="Formats">At least one; the first is the default.</param>
/// <param name="CreatedAt">When it was published.</param>
/// <param name="Attempt">The attempt that published it.</param>
public sealed record JobOutput(string Id, string FileName, IReadOnlyList<JobOutputFormat> Formats, DateTimeOffset CreatedAt, int Attempt);

/// <summary>One rendering of an output.</summary>
/// <param name="Format">The word that <c>?format=</c> takes: <c>csv</c>.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Digest">SHA-256 as <c>sha-256=:base64:</c> (RFC 9530).</param>
/// <param name="Location">Where the output store keeps it; opaque to everyone else.</param>
public sealed record JobOutputFormat(string Format, string ContentType, long Size, string Digest, string Location);

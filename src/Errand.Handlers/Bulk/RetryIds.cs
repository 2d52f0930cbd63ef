using System.Security.Cryptography;

namespace Errand.Handlers;

/// <summary>
/// Names the retry that a bulk action makes of a job: the same at every attempt of the action, so that the store makes it once.
/// </summary>
internal static class RetryIds
{
    /// <summary>
    /// A UUIDv8 (RFC 9562 §5.8) out of SHA-256. Where a <see cref="JobId"/> names its shard it names that of the job: there the job's
    /// unique key is kept.
    /// </summary>
    public static JobId Of(JobId action, JobId job)
    {
        Span<byte> names = stackalloc byte[32];
        action.Value.TryWriteBytes(names, bigEndian: true, out _);
        job.Value.TryWriteBytes(names[16..], bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(names, hash);
        hash[6] = (byte)(0x80 | (job.Shard >> 8));
        hash[7] = (byte)job.Shard;
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new JobId(new Guid(hash[..16], bigEndian: true));
    }
}

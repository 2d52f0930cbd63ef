using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Errand.Submits;

/// <summary>What follows from the keys of a submit: the idempotency record, and the virtual shard that its job lives on.</summary>
internal static class SubmitScope
{
    public static ReadOnlyMemory<byte> Of(JobCaller caller, IdempotencyKey key) => Hash(caller.Tenant, caller.Subject, key.Route, key.Key);

    /// <summary>The Idempotency-Key decides first, then the unique key, then chance: what must be found together lies together.</summary>
    public static int? Shard(string tenant, IdempotencyKey? key, string? uniqueKey) => (key?.Key ?? uniqueKey) is { } text
        ? BinaryPrimitives.ReadUInt16BigEndian(Hash(tenant, text)) % JobId.Shards
        : null;

    /// <summary>1 to 255 visible ASCII characters.</summary>
    public static bool IsKey(string key) => key.Length is > 0 and <= 255 && !key.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>Lengths are hashed with the parts, so that no two lists of parts read the same.</summary>
    private static byte[] Hash(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}

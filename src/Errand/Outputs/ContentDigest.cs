namespace Errand.Outputs;

/// <summary>Digests as RFC 9530 writes them.</summary>
internal static class ContentDigest
{
    public static string Format(ReadOnlySpan<byte> sha256) => $"sha-256=:{Convert.ToBase64String(sha256)}:";
}

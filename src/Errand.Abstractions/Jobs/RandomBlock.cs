using System.Security.Cryptography;

namespace Errand;

/// <summary>Random bytes for ids, taken from the system in blocks: each call into its library costs as much as many bytes do.</summary>
internal static class RandomBlock
{
    private const int Size = 512;

    [ThreadStatic]
    private static byte[]? block;

    [ThreadStatic]
    private static int used;

    /// <summary>Fills a few bytes; no byte is given twice.</summary>
    public static void Fill(Span<byte> target)
    {
        if (block is null || used + target.Length > Size)
        {
            block ??= new byte[Size];
            RandomNumberGenerator.Fill(block);
            used = 0;
        }

        block.AsSpan(used, target.Length).CopyTo(target);
        used += target.Length;
    }
}

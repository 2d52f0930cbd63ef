using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Errand.AspNetCore;

/// <summary>The text of an access token: <c>errand_{id}_{secret}</c>. The prefix lets secret scanners find it.</summary>
internal static class TokenText
{
    public const string Prefix = "errand_";

    private const int IdLength = 16;
    private static readonly int SecretStart = Prefix.Length + IdLength + 1;

    /// <summary>A new public part: 16 lower-case hex digits.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2));

    /// <summary>A new secret of 256 bits. No salt is needed: nothing of that size can be guessed.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(ReadOnlySpan<char> secret)
    {
        Span<byte> utf8 = stackalloc byte[256];
        return Encoding.UTF8.TryGetBytes(secret, utf8, out var length) ? SHA256.HashData(utf8[..length]) : [];
    }

    public static bool IsWellFormed(ReadOnlySpan<char> text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length <= 256 && text.Length > SecretStart && text[SecretStart - 1] == '_';

    /// <summary>The public part of a well-formed token.</summary>
    public static ReadOnlySpan<char> IdOf(ReadOnlySpan<char> text) => text.Slice(Prefix.Length, IdLength);

    /// <summary>The secret of a well-formed token.</summary>
    public static ReadOnlySpan<char> SecretOf(ReadOnlySpan<char> text) => text[SecretStart..];
}

using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Errand.AspNetCore;

/// <summary>
/// Hashes as the configuration holds them. A password, or a secret that a person made up, is hashed slowly with a salt (ASP.NET Core's own format, PBKDF2 with HMAC-SHA-512);
/// a secret of 256 random bits only once: <c>sha256:</c> and 64 hex digits.
/// </summary>
public static class SecretHashes
{
    private const string FastPrefix = "sha256:";
    private const int FastLength = 32;
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    // What OWASP asks of PBKDF2 with HMAC-SHA-512.
    private static readonly PasswordHasher<string> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));

    /// <summary>A hash that takes a while: for passwords.</summary>
    public static string OfPassword(string password) => Hasher.HashPassword("", password);

    /// <summary>A hash that takes no time: only for secrets of 256 random bits.</summary>
    public static string OfRandomSecret(string secret) => FastPrefix + Convert.ToHexStringLower(TokenText.Hash(secret));

    /// <summary>A new random secret. The prefix lets secret scanners find it.</summary>
    public static string NewSecret() => "errsec_" + TokenText.NewSecret();

    /// <summary>True for a text that one of the two methods made.</summary>
    public static bool IsHash(string text)
    {
        if (IsFast(text)) return text.Length == FastPrefix.Length + (2 * FastLength) && text.AsSpan(FastPrefix.Length).IndexOfAnyExcept(Hex) < 0;
        Span<byte> bytes = stackalloc byte[256];
        return Convert.TryFromBase64String(text, bytes, out var length) && length > 13 && bytes[0] is 0 or 1;
    }

    internal static bool IsFast(string hash) => hash.StartsWith(FastPrefix, StringComparison.Ordinal);

    internal static bool Matches(string hash, string text) => IsFast(hash)
        ? MatchesFast(Convert.FromHexString(hash.AsSpan(FastPrefix.Length)), text)
        : Hasher.VerifyHashedPassword("", hash, text) is not PasswordVerificationResult.Failed;

    internal static bool MatchesFast(ReadOnlySpan<byte> hash, string text) => CryptographicOperations.FixedTimeEquals(TokenText.Hash(text), hash);
}

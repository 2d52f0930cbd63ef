using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>The Idempotency-Key header: a structured-field string in quotes, or bare as Stripe's clients send it.</summary>
internal static class IdempotencyHeader
{
    public const string Name = "Idempotency-Key";

    /// <summary>The key with the fingerprint of what was sent; null when there is none.</summary>
    public static IdempotencyKey? Of(HttpRequest request, string route, ReadOnlySpan<byte> body)
    {
        var header = request.Headers[Name];
        if (header.Count == 0) return null;
        if (header.Count > 1 || Read(header[0]) is not { } key)
        {
            throw new ApiProblemException(new ApiProblem(
                ProblemCatalog.IdempotencyKeyInvalid, "Idempotency-Key is one string of 1 to 255 visible ASCII characters, with or without quotes.")
            { Parameter = Name });
        }

        return new IdempotencyKey(key, route, Fingerprint(request, body));
    }

    private static string? Read(string? value)
    {
        var text = value?.Trim();
        if (text is ['"', .. var inner, '"']) text = Unescape(inner);
        if (text is not { Length: > 0 and <= 255 }) return null;
        foreach (var c in text)
        {
            if (c is < '!' or > '~') return null;
        }

        return text;
    }

    // RFC 9651: inside a string only the quote and the backslash may be escaped, and they must be.
    private static string? Unescape(string inner)
    {
        var text = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '"') return null;
            if (inner[i] == '\\' && (++i >= inner.Length || inner[i] is not ('"' or '\\'))) return null;
            text.Append(inner[i]);
        }

        return text.ToString();
    }

    private static byte[] Fingerprint(HttpRequest request, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{request.Path}\n{request.ContentType}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}

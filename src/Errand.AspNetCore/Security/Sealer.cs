using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary>
/// Makes texts that only this installation can read or make, bound to what they were made for: page tokens, leases. AES-256-GCM with one
/// key that lies in the store, so that every node and every restart reads the same.
/// </summary>
internal sealed class Sealer(IJobStorage storage)
{
    private const string KeyName = "api-seal-1";
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private byte[]? key;

    public async ValueTask<string> SealAsync(string purpose, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var cipher = new AesGcm(key ??= await LoadAsync(cancellationToken), TagLength);
        var box = new byte[NonceLength + content.Length + TagLength];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        cipher.Encrypt(
            box.AsSpan(0, NonceLength), content.Span, box.AsSpan(NonceLength, content.Length), box.AsSpan(NonceLength + content.Length),
            Encoding.UTF8.GetBytes(purpose));
        return Base64Url.EncodeToString(box);
    }

    /// <summary>The content; null when the text was not made here, or for another purpose.</summary>
    public async ValueTask<byte[]?> OpenAsync(string purpose, string text, CancellationToken cancellationToken)
    {
        if (text.Length > 4096 || !Base64Url.IsValid(text)) return null;
        var box = Base64Url.DecodeFromChars(text);
        if (box.Length < NonceLength + TagLength) return null;
        using var cipher = new AesGcm(key ??= await LoadAsync(cancellationToken), TagLength);
        var content = new byte[box.Length - NonceLength - TagLength];
        try
        {
            cipher.Decrypt(
                box.AsSpan(0, NonceLength), box.AsSpan(NonceLength, content.Length), box.AsSpan(box.Length - TagLength), content,
                Encoding.UTF8.GetBytes(purpose));
            return content;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private async ValueTask<byte[]> LoadAsync(CancellationToken cancellationToken) =>
        (await storage.Security.GetOrAddKeyAsync(KeyName, RandomNumberGenerator.GetBytes(32), cancellationToken)).ToArray();
}

using System.Buffers.Text;
using System.Security.Cryptography;
using Errand.Storage;
using Microsoft.IdentityModel.Tokens;

namespace Errand.OAuth;

/// <summary>The keys of the built-in issuer. They lie in the store, so that every node takes what another one issued, after a restart too.</summary>
internal static class SigningKeys
{
    private const string SigningName = "oauth-signing-1";
    private const string EncryptionName = "oauth-encryption-1";
    private const int Bits = 2048;

    /// <summary>RSA, because RFC 9068 asks every reader of such tokens to know RS256.</summary>
    public static async Task<RsaSecurityKey> SigningAsync(IJobStorage storage, CancellationToken cancellationToken)
    {
        using var offered = RSA.Create(Bits);
        var stored = await storage.Security.GetOrAddKeyAsync(SigningName, offered.ExportPkcs8PrivateKey(), cancellationToken);
        var key = RSA.Create();
        key.ImportPkcs8PrivateKey(stored.Span, out _);
        return new RsaSecurityKey(key)
        {
            KeyId = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 12)),
            // The library's own cache goes by the key's id: two hosts of one process would share, and then dispose, one key.
            CryptoProviderFactory = new CryptoProviderFactory(),
        };
    }

    /// <summary>OpenIddict wants one, for kinds of tokens that are not issued here.</summary>
    public static async Task<SymmetricSecurityKey> EncryptionAsync(IJobStorage storage, CancellationToken cancellationToken) =>
        new((await storage.Security.GetOrAddKeyAsync(EncryptionName, RandomNumberGenerator.GetBytes(32), cancellationToken)).ToArray());
}

using Errand.AspNetCore;
using Errand.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Errand.OAuth;

/// <summary>Who issues and who checks, each made at the first need: the keys lie in the store, which is open only once the host has started.</summary>
internal sealed class OAuthRoom : IAsyncDisposable
{
    private readonly Once<IssuerKeys> keys;
    private readonly Once<TokenIssuer> issuer;
    private readonly Once<TokenCheck> check;

    public OAuthRoom(
        IJobStorage storage, OAuthClients clients, TimeProvider time, IOptions<ErrandApiOptions> api, IOptions<ErrandOAuthOptions> options, ILoggerFactory logging)
    {
        Options = options.Value;
        PublicBaseUrl = api.Value.PublicBaseUrl;
        keys = new Once<IssuerKeys>(async cancellationToken => new IssuerKeys(
            await SigningKeys.SigningAsync(storage, cancellationToken), await SigningKeys.EncryptionAsync(storage, cancellationToken)));
        issuer = new Once<TokenIssuer>(async cancellationToken => new TokenIssuer(
            clients, Options, PublicBaseUrl, await keys.GetAsync(cancellationToken), time, logging));
        check = new Once<TokenCheck>(async cancellationToken => Options.Provider is { } provider
            ? TokenCheck.Of(provider, time, logging)
            : TokenCheck.Of((await keys.GetAsync(cancellationToken)).Signing, time, logging));
    }

    public ErrandOAuthOptions Options { get; }

    public Uri? PublicBaseUrl { get; }

    /// <summary>The built-in issuer.</summary>
    public ValueTask<TokenIssuer> IssuerAsync(CancellationToken cancellationToken) => issuer.GetAsync(cancellationToken);

    /// <summary>Checks tokens of whoever issues them.</summary>
    public ValueTask<TokenCheck> CheckAsync(CancellationToken cancellationToken) => check.GetAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (issuer.Made is { } opened) await opened.DisposeAsync();
        if (check.Made is { } checking) await checking.DisposeAsync();
        keys.Made?.Signing.Rsa.Dispose();
        issuer.Dispose();
        check.Dispose();
        keys.Dispose();
    }
}

using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>
/// Knows one kind of credentials beside Errand's own access tokens: OAuth tokens, passwords. Register any number as services; they are asked in that order.
/// </summary>
public interface ICredentialReader
{
    /// <summary>Who the credentials of the request speak for; null when they are not of this kind, or not valid (any more).</summary>
    ValueTask<ErrandPrincipal?> ReadAsync(HttpContext http);
}

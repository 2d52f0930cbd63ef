using Microsoft.IdentityModel.Tokens;

namespace Errand.OAuth;

/// <summary>The keys of the built-in issuer.</summary>
internal sealed record IssuerKeys(RsaSecurityKey Signing, SymmetricSecurityKey Encryption);

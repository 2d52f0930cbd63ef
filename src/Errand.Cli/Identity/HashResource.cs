namespace Errand.Cli.Identity;

/// <summary>A hash as it is printed.</summary>
/// <param name="Hash">What stands in the configuration.</param>
/// <param name="Secret">The secret, only when it was just made.</param>
internal sealed record HashResource(string Hash, string? Secret);

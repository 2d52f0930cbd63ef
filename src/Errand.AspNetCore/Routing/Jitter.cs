using System.Security.Cryptography;

namespace Errand.AspNetCore;

/// <summary>Spreads what many clients would otherwise do at the same instant.</summary>
internal static class Jitter
{
    /// <summary>The duration, more or less a fifth.</summary>
    public static TimeSpan Spread(TimeSpan duration) => duration * (0.8 + (RandomNumberGenerator.GetInt32(0, 401) / 1000.0));
}

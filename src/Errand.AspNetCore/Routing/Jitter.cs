namespace Errand.AspNetCore;

/// <summary>Spreads what many clients would otherwise do at the same instant.</summary>
internal static class Jitter
{
    // Nothing secret hangs on these numbers, and each status answer draws one.
    [ThreadStatic]
    private static Random? random;

    /// <summary>The duration, more or less a fifth.</summary>
    public static TimeSpan Spread(TimeSpan duration) => duration * (0.8 + ((random ??= new Random()).NextDouble() * 0.4));

    /// <summary>From nothing to the duration.</summary>
    public static TimeSpan UpTo(TimeSpan duration) => duration * (random ??= new Random()).NextDouble();
}

namespace Errand.AspNetCore;

/// <summary>Where a caller stands with a limit, this request counted.</summary>
/// <param name="Policy">The limit.</param>
/// <param name="Remaining">How many requests are left in the window.</param>
/// <param name="ResetsIn">When the window ends.</param>
/// <param name="IsExceeded">True when this request is one too many; it is refused with 429.</param>
public readonly record struct RateStanding(RateLimitPolicy Policy, int Remaining, TimeSpan ResetsIn, bool IsExceeded);

namespace Errand.AspNetCore;

/// <summary>The requests of one caller under one limit: a window that begins with the first request after the last one ended.</summary>
internal sealed class RateCounter
{
    private readonly Lock counting = new();
    private long begun = long.MinValue;
    private int count;

    public RateStanding Take(RateLimitPolicy policy, TimeProvider time)
    {
        var now = time.GetTimestamp();
        lock (counting)
        {
            if (!IsOpenAt(policy, time, now)) (begun, count) = (now, 0);
            var left = policy.Window - time.GetElapsedTime(begun, now);
            if (count >= policy.Requests) return new RateStanding(policy, 0, left, IsExceeded: policy.IsEnforced);
            count++;
            return new RateStanding(policy, policy.Requests - count, left, IsExceeded: false);
        }
    }

    public bool IsIdle(RateLimitPolicy policy, TimeProvider time)
    {
        lock (counting)
        {
            return !IsOpenAt(policy, time, time.GetTimestamp());
        }
    }

    private bool IsOpenAt(RateLimitPolicy policy, TimeProvider time, long now) => begun != long.MinValue && time.GetElapsedTime(begun, now) < policy.Window;
}

using System.Collections.Concurrent;

namespace Errand.AspNetCore;

/// <summary>
/// Counts the requests of callers. The framework's limiters keep real time and say nothing of what is left until when, which the headers need; so the windows are counted here.
/// </summary>
internal sealed class RateLimits(ErrandApiOptions options, TimeProvider time)
{
    private const int Capacity = 20_000;

    private readonly ConcurrentDictionary<Key, RateCounter> counters = new();
    private readonly Dictionary<string, RateLimitPolicy[]> byWire =
        options.RateLimits.GroupBy(policy => policy.Wire, StringComparer.Ordinal).ToDictionary(wire => wire.Key, wire => wire.ToArray(), StringComparer.Ordinal);

    /// <summary>Counts a request; null when no limit is set for it. Of several limits, the one that is exceeded, or else the nearest to it.</summary>
    public RateStanding? Take(string wire, string method, JobCaller caller)
    {
        if (byWire.Count == 0 || !byWire.TryGetValue(wire, out var policies)) return null;
        RateStanding? tightest = null;
        var named = policies.Any(policy => policy.Subjects.Contains(caller.Subject));
        foreach (var policy in policies)
        {
            if (!policy.CountsMethod(method) || (named ? !policy.Subjects.Contains(caller.Subject) : policy.Subjects.Count > 0)) continue;
            var standing = CounterOf(policy, caller).Take(policy, time);
            if (standing.IsExceeded) return standing;
            if (tightest is null || standing.Remaining < tightest.Value.Remaining) tightest = standing;
        }

        return tightest;
    }

    private RateCounter CounterOf(RateLimitPolicy policy, JobCaller caller)
    {
        var key = new Key(policy, caller.Tenant, caller.Subject);
        if (counters.TryGetValue(key, out var counter)) return counter;
        if (counters.Count >= Capacity) Sweep();
        return counters.GetOrAdd(key, static _ => new RateCounter());
    }

    private void Sweep()
    {
        foreach (var (key, counter) in counters)
        {
            if (counter.IsIdle(key.Policy, time)) counters.TryRemove(key, out _);
        }
    }

    // A policy is compared by reference: its list of subjects makes each one its own anyway.
    private readonly record struct Key(RateLimitPolicy Policy, string Tenant, string Subject)
    {
        public bool Equals(Key other) => ReferenceEquals(Policy, other.Policy) && Tenant == other.Tenant && Subject == other.Subject;

        public override int GetHashCode() => HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Policy), Tenant, Subject);
    }
}

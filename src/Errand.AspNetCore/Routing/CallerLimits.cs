using System.Collections.Concurrent;

namespace Errand.AspNetCore;

/// <summary>How much of this node one caller holds open.</summary>
internal sealed class CallerLimits
{
    private readonly ConcurrentDictionary<(string Tenant, string Subject, string What), int> held = new();

    /// <summary>Takes a place; dispose it to give it back.</summary>
    public Place Take(JobCaller caller, string what, int limit)
    {
        var key = (caller.Tenant, caller.Subject, what);
        if (held.AddOrUpdate(key, 1, (_, count) => count + 1) <= limit) return new Place(this, key);
        Give(key);
        throw new ApiProblemException(new ApiProblem(ProblemCatalog.QuotaExceeded, $"You hold {limit} {what} open already. Close one, or wait until one ends.")
        {
            ViolatedPolicies = [what],
            RetryAfter = TimeSpan.FromSeconds(1),
        });
    }

    private void Give((string Tenant, string Subject, string What) key)
    {
        if (held.AddOrUpdate(key, 0, (_, count) => count - 1) == 0) held.TryRemove(KeyValuePair.Create(key, 0));
    }

    public readonly struct Place(CallerLimits limits, (string Tenant, string Subject, string What) key) : IDisposable
    {
        public void Dispose() => limits.Give(key);
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Errand.Dialects.Zendesk;

/// <summary>
/// Counts requests by minute and set of credentials for the headers that every answer carries. The counts live in this process and outlive nothing.
/// </summary>
internal sealed class ZendeskRates(int? limit, TimeProvider time)
{
    private const int VendorDefault = 700;
    private const int CallersMax = 10_000;
    private static readonly object Counted = new();

    private Window window = new(0);

    /// <summary>Counts the request and sets its headers; the second call of a request, before a refusal, sets them again.</summary>
    public void Begin(HttpContext http)
    {
        var now = time.GetUtcNow();
        var most = limit ?? VendorDefault;
        if (http.Items[Counted] is not int count)
        {
            count = Current(now).Count(http.Request.Headers.Authorization.ToString());
            http.Items[Counted] = count;
        }

        http.Response.Headers["X-Rate-Limit"] = most.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["X-Rate-Limit-Remaining"] = Math.Max(0, most - count).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>How long a request that is one too many has to wait; null when it is not.</summary>
    public TimeSpan? Wait(HttpContext http) =>
        limit is { } most && http.Items[Counted] is int count && count > most ? TimeSpan.FromSeconds(UntilNextMinute(time.GetUtcNow())) : null;

    /// <summary>Whole seconds until the counts begin anew.</summary>
    public static int UntilNextMinute(DateTimeOffset now) => 60 - now.Second;

    private Window Current(DateTimeOffset now)
    {
        var minute = now.ToUnixTimeSeconds() / 60;
        var current = Volatile.Read(ref window);
        if (current.Minute == minute) return current;
        var next = new Window(minute);
        var found = Interlocked.CompareExchange(ref window, next, current);
        return ReferenceEquals(found, current) ? next : found;
    }

    // Callers past the bound share one count: better a wrong header than memory that a stranger can fill.
    private sealed class Window(long minute)
    {
        private readonly ConcurrentDictionary<string, StrongCount> counts = new(StringComparer.Ordinal);

        public long Minute { get; } = minute;

        public int Count(string credentials) =>
            Interlocked.Increment(ref counts.GetOrAdd(counts.Count < CallersMax || counts.ContainsKey(credentials) ? credentials : "", static _ => new StrongCount()).Value);
    }

    private sealed class StrongCount
    {
        public int Value;
    }
}

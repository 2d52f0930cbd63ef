using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Errand.AspNetCore;

/// <summary>Tickets for event streams: one use, one minute, this node. A token never stands in a URL, where logs would keep it.</summary>
internal sealed class EventTickets(TimeProvider time)
{
    public static readonly TimeSpan Term = TimeSpan.FromSeconds(60);

    private const int Capacity = 10_000;
    private readonly ConcurrentDictionary<string, (ErrandPrincipal Principal, DateTimeOffset ExpiresAt)> tickets = new(StringComparer.Ordinal);

    public (string Ticket, DateTimeOffset ExpiresAt) Issue(ErrandPrincipal principal)
    {
        var now = time.GetUtcNow();
        if (tickets.Count >= Capacity) Sweep(now);
        var ticket = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        tickets[ticket] = (principal, now + Term);
        return (ticket, now + Term);
    }

    public ErrandPrincipal? Redeem(string ticket) =>
        tickets.TryRemove(ticket, out var found) && found.ExpiresAt > time.GetUtcNow() ? found.Principal : null;

    private void Sweep(DateTimeOffset now)
    {
        foreach (var (ticket, (_, expiresAt)) in tickets)
        {
            if (expiresAt <= now) tickets.TryRemove(ticket, out _);
        }

        if (tickets.Count >= Capacity) tickets.Clear();
    }
}

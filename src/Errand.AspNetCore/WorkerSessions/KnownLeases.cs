using System.Collections.Concurrent;

namespace Errand.AspNetCore;

/// <summary>
/// What the leases of one session mean, once they were opened: a worker that reports of a thousand jobs ten times a second names the same thousand again. Nothing but memory: a lease that is not here is
/// opened again.
/// </summary>
internal sealed class KnownLeases
{
    /// <summary>As many as a session has slots, at most.</summary>
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, JobTicket> tickets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<JobTicket, string> leases = new();

    public JobTicket? Find(string lease) => tickets.TryGetValue(lease, out var ticket) ? ticket : null;

    public void Keep(string lease, JobTicket ticket)
    {
        // Two texts may mean one claim, when an answer with it was sent twice: the older one is opened each time.
        if (leases.Count >= Most || !leases.TryAdd(ticket, lease)) return;
        tickets[lease] = ticket;
    }

    public void Forget(JobTicket ticket)
    {
        if (leases.TryRemove(ticket, out var lease)) tickets.TryRemove(lease, out _);
    }
}

using System.Buffers.Binary;
using System.Collections.Concurrent;
using Errand.Storage;
using Errand.Work;

namespace Errand.AspNetCore;

/// <summary>
/// Sessions of workers that work over HTTP. Their names and leases are sealed, so a worker cannot reach what another caller holds, nor make up a claim; and
/// they outlive a restart of the server, because nothing but waiting cancels is kept here.
/// </summary>
internal sealed class RemoteSessions(IJobSource source, IHeldClaims held, Sealer sealer, TimeProvider time)
{
    private readonly ConcurrentDictionary<SessionId, Mailbox> mailboxes = new();
    private readonly ConcurrentDictionary<JobTicket, bool> onTheirWay = new();

    public IJobSource Source => source;

    public TimeProvider Time => time;

    public async ValueTask<(string Name, OpenedSession Session)> OpenAsync(SessionRequest request, JobCaller caller, CancellationToken cancellationToken)
    {
        Forget();
        var mailbox = new Mailbox(time);
        var opened = await source.OpenAsync(request, mailbox, cancellationToken);
        mailbox.Term = opened.Term;
        mailboxes[opened.Id] = mailbox;
        return (await sealer.SealAsync(PurposeOf(caller), opened.Id.Value.ToByteArray(), cancellationToken), opened);
    }

    /// <summary>The session that a name means to this caller; unknown and somebody else's are one.</summary>
    public async ValueTask<SessionId> FindAsync(string name, JobCaller caller, CancellationToken cancellationToken) =>
        await sealer.OpenAsync(PurposeOf(caller), name, cancellationToken) is { Length: 16 } value
            ? new SessionId(new Guid(value))
            : throw new ApiProblemException(ApiProblem.NotFound);

    public ValueTask<string> SealAsync(JobTicket ticket, CancellationToken cancellationToken)
    {
        var content = new byte[32];
        ticket.Key.Id.Value.TryWriteBytes(content);
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(16), ticket.Sequence);
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(24), ticket.Token);
        return sealer.SealAsync(PurposeOf(ticket.Session, ticket.Key.Tenant), content, cancellationToken);
    }

    /// <summary>The claim that a lease means within a session; null when it is not one of its leases.</summary>
    public ValueTask<JobTicket?> OpenLeaseAsync(string lease, SessionId session, string tenant, CancellationToken cancellationToken) =>
        MailboxOf(session)?.Leases.Find(lease) is { } known && known.Key.Tenant == tenant
            ? new ValueTask<JobTicket?>(known)
            : UnsealAsync(lease, session, tenant, cancellationToken);

    /// <summary>Answers with claimed jobs. As long as that takes nobody can hold it against the worker that it does not know of them.</summary>
    public async Task AnswerAsync(IReadOnlyList<ClaimedJob> jobs, Func<Task> write)
    {
        foreach (var job in jobs) onTheirWay[job.Ticket] = true;
        try
        {
            await write();
        }
        finally
        {
            foreach (var job in jobs) onTheirWay.TryRemove(job.Ticket, out _);
        }
    }

    /// <summary>The worker named all that it holds: what it does not know of goes back in time. Returns what it holds in vain.</summary>
    public ValueTask<IReadOnlyCollection<JobTicket>> CompareAsync(SessionId session, IEnumerable<JobTicket> named, CancellationToken cancellationToken) =>
        held.CompareAsync(session, [.. named, .. onTheirWay.Keys.Where(ticket => ticket.Session == session)], cancellationToken);

    /// <summary>Where cancels arrive; null for a session that was opened before this process began.</summary>
    public Mailbox? MailboxOf(SessionId session) => mailboxes.GetValueOrDefault(session);

    public void Remove(SessionId session) => mailboxes.TryRemove(session, out _);

    private async ValueTask<JobTicket?> UnsealAsync(string lease, SessionId session, string tenant, CancellationToken cancellationToken)
    {
        if (await sealer.OpenAsync(PurposeOf(session, tenant), lease, cancellationToken) is not { Length: 32 } content) return null;
        var ticket = new JobTicket(
            new JobKey(tenant, new JobId(new Guid(content.AsSpan(0, 16)))), BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(16)), session,
            BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(24)));
        MailboxOf(session)?.Leases.Keep(lease, ticket);
        return ticket;
    }

    private void Forget()
    {
        foreach (var (session, mailbox) in mailboxes)
        {
            if (mailbox.IsForgotten) Remove(session);
        }
    }

    private static string PurposeOf(JobCaller caller) => $"session\n{caller.Tenant}\n{caller.Subject}";

    private static string PurposeOf(SessionId session, string tenant) => $"lease\n{session}\n{tenant}";
}

/// <summary>Cancels that wait for the next beat of a session.</summary>
internal sealed class Mailbox(TimeProvider time) : ISessionListener
{
    private readonly ConcurrentDictionary<JobTicket, bool> cancels = new();
    private long touchedAt = time.GetTimestamp();

    /// <summary>The leases that the worker has named.</summary>
    public KnownLeases Leases { get; } = new();

    public TimeSpan Term { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>True when the worker has been silent so long that its session cannot live any more.</summary>
    public bool IsForgotten => time.GetElapsedTime(Volatile.Read(ref touchedAt)) > Term * 10;

    public void OnCancel(JobTicket ticket) => cancels[ticket] = true;

    /// <summary>A cancel is told with every beat until the lease is settled: an answer may be lost.</summary>
    public bool IsCanceling(JobTicket ticket)
    {
        Volatile.Write(ref touchedAt, time.GetTimestamp());
        return cancels.ContainsKey(ticket);
    }

    public void Settled(JobTicket ticket)
    {
        cancels.TryRemove(ticket, out _);
        Leases.Forget(ticket);
    }
}

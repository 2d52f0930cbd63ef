using System.Collections.Concurrent;
using Errand.Storage;
using Errand.Work;

namespace Errand.Client.Work;

/// <summary>A worker session as this side of the wire knows it.</summary>
internal sealed class RemoteSession(SessionId id, string name, ISessionListener listener, TimeSpan beatEvery)
{
    private readonly ConcurrentDictionary<JobTicket, Lease> _leases = new();

    public SessionId Id => id;

    /// <summary>Its name in the URLs.</summary>
    public string Name => name;

    public TimeSpan BeatEvery => beatEvery;

    /// <summary>What the worker last wanted, and wants while it waits.</summary>
    public IReadOnlyList<QueueDemand> Demands { get; set; } = [];

    /// <summary>Jobs that came while the worker waited for work.</summary>
    public IReadOnlyList<ClaimedJob> Ahead { get; set; } = [];

    public IReadOnlyCollection<Lease> Leases => [.. _leases.Values];

    public void Add(JobTicket ticket, string lease) => _leases[ticket] = new Lease(ticket, lease);

    /// <summary>The lease of a claim.</summary>
    /// <exception cref="LeaseLostException">It is over.</exception>
    public Lease Of(JobTicket ticket) => _leases.GetValueOrDefault(ticket) ?? throw new LeaseLostException(ticket);

    public Lease? Find(JobTicket ticket) => _leases.GetValueOrDefault(ticket);

    public void Remove(JobTicket ticket) => _leases.TryRemove(ticket, out _);

    public void Cancel(Lease lease) => listener.OnCancel(lease.Ticket);
}

/// <summary>A claimed job and what it reported since the last beat.</summary>
internal sealed class Lease(JobTicket ticket, string text)
{
    private JobProgress? _progress;

    public JobTicket Ticket => ticket;

    public string Text => text;

    public void Report(JobProgress progress) => Volatile.Write(ref _progress, progress);

    /// <summary>Takes the latest progress that was not sent yet.</summary>
    public JobProgress? Take() => Interlocked.Exchange(ref _progress, null);

    /// <summary>Puts it back after a beat that failed, unless there is newer news.</summary>
    public void Return(JobProgress? progress) => Interlocked.CompareExchange(ref _progress, progress, null);
}

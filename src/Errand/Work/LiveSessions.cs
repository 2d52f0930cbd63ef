using System.Collections.Concurrent;
using Errand.Catalog;

namespace Errand.Work;

/// <summary>The sessions that speak to this node, and the hints they are given.</summary>
internal sealed class LiveSessions(QueueCatalog queues, SuspectGate suspects, TimeProvider time)
{
    private readonly ConcurrentDictionary<SessionId, LiveSession> _sessions = new();

    public LiveSession? Find(SessionId id) => _sessions.GetValueOrDefault(id);

    public LiveSession Add(LiveSession session) => _sessions.GetOrAdd(session.Id, session);

    public LiveSession? Remove(SessionId id) => _sessions.TryRemove(id, out var session) ? session : null;

    public IReadOnlyCollection<SessionId> Ids => [.. _sessions.Keys];

    /// <summary>A job waits: whoever can run it looks for it now, or when it becomes due.</summary>
    public void WorkCame(JobHead job)
    {
        var dueLater = job.DueAt > time.GetUtcNow();
        foreach (var (_, session) in _sessions)
        {
            if (!session.Runs(job) || (dueLater && session.NextDueAt <= job.DueAt)) continue;
            if (dueLater) session.NextDueAt = job.DueAt;
            session.Wake();
        }
    }

    /// <summary>Another node tells of work; when it is due, a claim tells.</summary>
    public void WorkCame(string tenant, string queue, string type)
    {
        foreach (var (_, session) in _sessions)
        {
            if (session.Runs(tenant, queue, type)) session.Wake();
        }
    }

    /// <summary>A job is no longer claimed: where a limit held others back, one of them may start, and it is true.</summary>
    public bool Freed(JobHead job, bool succeeded)
    {
        if (job.Session is { } id) Find(id)?.Drop(job.Ticket, succeeded);
        var suspectLeft = job.Losses > 0 && suspects.Leave(job.Ticket);
        if (!suspectLeft && queues.Get(job.Queue).Settings.MaxConcurrency is null) return false;
        if (suspectLeft) WakeAll();
        else Wake(job.Queue);
        return true;
    }

    /// <summary>A queue's settings changed.</summary>
    public void Wake(string queue)
    {
        foreach (var (_, session) in _sessions)
        {
            if (session.Serves(queue)) session.Wake();
        }
    }

    public void WakeAll()
    {
        foreach (var (_, session) in _sessions) session.Wake();
    }

    /// <summary>A claimed job is asked to stop: its handler hears of it now, not at the next beat.</summary>
    public void StopAsked(JobHead job)
    {
        if (job.Session is not { } id || Find(id) is not { } session) return;
        session.Refresh(job);
        session.Listener.OnCancel(job.Ticket);
    }
}

using Errand.Catalog;
using Errand.Lifecycle;
using Errand.Signals;
using Errand.Storage;
using Errand.Telemetry;

namespace Errand.Work;

/// <summary>The back door in the process that holds the store.</summary>
internal sealed class LocalJobSource(
    IJobStorage storage, LiveSessions sessions, TypeCatalog types, QueueCatalog queues, SuspectGate suspects, Settler settler,
    IJobReports reports, JobSignals signals,
    Alarms alarms, ErrandOptions options, ErrandMetrics metrics, TimeProvider time) : IJobSource
{
    public IJobReports Reports => reports;

    public async ValueTask<OpenedSession> OpenAsync(SessionRequest request, ISessionListener listener, CancellationToken cancellationToken)
    {
        if (request.Remote) await types.DeclareAsync(request.Types, cancellationToken);
        var id = SessionId.New();
        var now = time.GetUtcNow();
        await storage.Sessions.OpenAsync(
            new WorkerSession
            {
                Id = id,
                Worker = request.Worker,
                Tenant = request.Tenant,
                Remote = request.Remote,
                Slots = request.Slots,
                Queues = request.Queues,
                Types = request.Types,
                OpenedAt = now,
                ExpiresAt = now + options.SessionTerm,
            },
            cancellationToken);
        sessions.Add(new LiveSession(id, request, listener, options, time));
        return new OpenedSession(id, options.BeatEvery, options.SessionTerm);
    }

    public ValueTask<bool> BeatAsync(SessionId session, CancellationToken cancellationToken)
    {
        if (sessions.Find(session) is { Ended: true }) return new ValueTask<bool>(false);
        var now = time.GetUtcNow();
        var beat = storage.Sessions.BeatAsync(session, now, now + options.SessionTerm, cancellationToken);
        return beat.IsCompletedSuccessfully ? new ValueTask<bool>(Heard(session, beat.Result)) : HearAsync(session, beat);
    }

    public async ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(
        SessionId session, IReadOnlyList<QueueDemand> demands, CancellationToken cancellationToken)
    {
        if (await FindAsync(session, cancellationToken) is not { } live) return [];
        var since = time.GetTimestamp();
        var now = time.GetUtcNow();
        live.HasWork = false;
        var plan = ClaimPlan.Make(live, demands, queues);
        var outcome = plan.Queues.Count == 0 ? Nothing : await ClaimAsync(live, plan, now, cancellationToken);
        live.NextDueAt = Earlier(outcome.NextDueAt, now + plan.HeldBackFor);
        if (outcome.Jobs.Count == 0) return [];

        metrics.Operation("receive", time.GetElapsedTime(since));
        foreach (var job in outcome.Jobs)
        {
            live.Hold(new HeldJob(job.Head, job.Details));
            signals.Claimed(job.Head);
        }

        return await WithoutExpiredAsync(live, outcome.Jobs, now, cancellationToken);
    }

    public async ValueTask WaitForWorkAsync(SessionId session, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (await FindAsync(session, cancellationToken) is not { } live) return;
        var since = time.GetTimestamp();
        while (!live.HasWork)
        {
            var left = timeout - time.GetElapsedTime(since);
            var due = live.NextDueAt - time.GetUtcNow();
            if (left <= TimeSpan.Zero || due <= TimeSpan.Zero) return;
            alarms.Arm(live.Pulse, due < left ? due.Value : left);
            await live.Pulse.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask<IReadOnlyList<bool>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        try
        {
            return await settler.SettleAsync(settlements, cancellationToken);
        }
        catch (StorageException)
        {
            foreach (var settlement in settlements)
            {
                if (sessions.Find(settlement.Ticket.Session) is { } live) live.WasOut = true;
            }

            throw;
        }
    }

    public async ValueTask CloseAsync(SessionId session, CancellationToken cancellationToken)
    {
        if (sessions.Find(session) is { } live)
        {
            var left = live.Held();
            if (left.Length > 0)
            {
                await settler.SettleAsync(
                    [.. left.Select(job => new Settlement(job.Head.Ticket, JobOutcome.Released.Instance))], cancellationToken);
            }

            sessions.Remove(session);
        }

        await storage.Sessions.CloseAsync(session, cancellationToken);
    }

    private async ValueTask<ClaimOutcome> ClaimAsync(
        LiveSession live, ClaimPlan plan, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var outcome = Nothing;
        var suspectLimit = suspects.Ask();
        try
        {
            outcome = await storage.Queue.ClaimAsync(
                new ClaimRequest(live.Id, plan.Queues, suspectLimit, now, plan.Limit, live.Request.Tenant), cancellationToken);
            live.WasOut = false;
            return outcome;
        }
        catch (OutcomeUnknownException)
        {
            await EndAsync(live);
            throw;
        }
        catch (StorageException)
        {
            live.WasOut = true;
            throw;
        }
        finally
        {
            if (suspectLimit > 0 && suspects.Asked(outcome.Jobs.Select(job => job.Head).Where(head => head.Losses > 0))) sessions.WakeAll();
            plan.Used(outcome.Jobs);
        }
    }

    /// <summary>
    /// Jobs may have been claimed that nobody knows of. The session ends, so that they go back: at once, or with its term if the store
    /// does not hear of it. Its worker opens another one.
    /// </summary>
    private async ValueTask EndAsync(LiveSession live)
    {
        live.Ended = true;
        try
        {
            await storage.Sessions.CloseAsync(live.Id, CancellationToken.None);
            sessions.Remove(live.Id);
        }
        catch (StorageException)
        {
            // The store that lost the answer is not well. No beat reaches it for this session any more.
        }
    }

    /// <summary>
    /// A job that was claimed past its deadline is ended here, and no handler sees it. Where that fails – a cancel came in between, the store
    /// is busy – the worker gets it like any other: a claim that nobody knows of would hold the job for as long as the session lives.
    /// </summary>
    private async ValueTask<IReadOnlyList<ClaimedJob>> WithoutExpiredAsync(
        LiveSession live, IReadOnlyList<ClaimedJob> jobs, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!jobs.Any(job => job.Head.Deadline <= now)) return jobs;
        List<ClaimedJob> given = [];
        foreach (var job in jobs)
        {
            if (job.Head.Deadline <= now && await IsEndedAsync(job, cancellationToken)) live.Drop(job.Ticket);
            else given.Add(job);
        }

        return given;
    }

    private async ValueTask<bool> IsEndedAsync(ClaimedJob job, CancellationToken cancellationToken)
    {
        try
        {
            return await settler.WriteAsync(job, new JobCommand.PassDeadline(Started: false), cancellationToken);
        }
        catch (StorageException)
        {
            return false;
        }
    }

    /// <summary>A remote worker may outlive the server process: its session is in the store, and is taken up again here.</summary>
    private async ValueTask<LiveSession?> FindAsync(SessionId session, CancellationToken cancellationToken)
    {
        if (sessions.Find(session) is { } live) return live.Ended ? null : live;
        var stored = (await storage.Sessions.ListAsync(cancellationToken)).FirstOrDefault(one => one.Id == session);
        if (stored is null || stored.ExpiresAt <= time.GetUtcNow()) return null;
        var request = new SessionRequest(stored.Worker, stored.Types, stored.Queues, stored.Slots, stored.Tenant, stored.Remote);
        return sessions.Add(new LiveSession(session, request, NoListener.Instance, options, time));
    }

    private async ValueTask<bool> HearAsync(SessionId session, ValueTask<SessionBeat> beat) => Heard(session, await beat);

    private bool Heard(SessionId session, SessionBeat beat)
    {
        if (!beat.Alive)
        {
            sessions.Remove(session);
            return false;
        }

        if (sessions.Find(session) is { } live)
        {
            foreach (var ticket in beat.Canceling) live.Listener.OnCancel(ticket);
        }

        return true;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    private static readonly ClaimOutcome Nothing = new([], null);

    private sealed class NoListener : ISessionListener
    {
        public static NoListener Instance { get; } = new();

        public void OnCancel(JobTicket ticket)
        {
        }
    }
}

using Errand.Hosting;
using Errand.Lifecycle;
using Errand.Storage;
using Errand.Work;
using Microsoft.Extensions.Logging;

namespace Errand.Sessions;

/// <summary>
/// Takes jobs back from sessions that are gone. Of a dead session only as many jobs as it ran at once are charged with its death, in the
/// order in which they were claimed: what lay behind them had been fetched ahead and never started. A session is gone when its expiry has
/// passed; and when that cannot be believed, because a clock jumped, when nobody has seen it beat for a term (<see cref="BeatWatch"/>).
/// </summary>
internal sealed partial class SessionReaper(
    IJobStorage storage, JobWriter writer, LiveSessions live, ErrandOptions options, TimeProvider time,
    ILogger<SessionReaper> logger) : ISweep
{
    private const int Slice = 500;

    // The clock of no session: only what was closed has ended by it.
    private static readonly DateTimeOffset Never = DateTimeOffset.UnixEpoch;

    private readonly ClockWatch _clock = new(options.SessionTerm, time);
    private readonly BeatWatch _beats = new(options.SessionTerm, time);

    public string Name => "sessions";

    /// <summary>Twice a second, so that recovery is within expiry and a second.</summary>
    public TimeSpan Every => TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// At start: takes the jobs of the dead process before us, and spares remote workers for a term: they could not beat while nobody listened.
    /// </summary>
    public async ValueTask RecoverAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await storage.Sessions.RecoverAsync(now, now + options.SessionTerm, cancellationToken);
        var sessions = await storage.Sessions.ListAsync(cancellationToken);
        foreach (var dead in sessions.Where(session => !session.Remote && session.ExpiresAt <= now)) await EndAsync(dead, cancellationToken);
        await ReapAsync(Never, cancellationToken);
        _clock.Distrust();
    }

    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var asOf = _clock.IsStrange(out var what) ? Never : time.GetUtcNow();
        if (what is not null) TimeIsStrange(logger, what, options.SessionTerm);
        using (_clock.Pulse())
        {
            var known = live.Ids;
            var sessions = await storage.Sessions.ListAsync(cancellationToken);
            Forget(known, sessions);
            foreach (var silent in _beats.Silent(sessions)) await EndAsync(silent, cancellationToken);
            await ReapAsync(asOf, cancellationToken);
        }

        _clock.Answered();
    }

    /// <summary>
    /// Ends a session that has stopped beating. If it beats after all, it learns that it is over, and what it claimed meanwhile goes back uncharged.
    /// </summary>
    private async ValueTask EndAsync(WorkerSession session, CancellationToken cancellationToken)
    {
        var claimed = await storage.Sessions.ListClaimedAsync(session.Id, cancellationToken);
        var taken = await TakeBackAsync([.. claimed.Select(head => new Orphan(head, session.Slots, SessionClosed: false))], [], cancellationToken);
        if (taken > 0) JobsTakenBack(logger, taken);
        await storage.Sessions.CloseAsync(session.Id, cancellationToken);
    }

    private async ValueTask ReapAsync(DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        Dictionary<SessionId, int> started = [];
        while (true)
        {
            var orphans = await storage.Sessions.ListOrphansAsync(asOf, Slice, cancellationToken);
            var taken = orphans.Count == 0 ? 0 : await TakeBackAsync(orphans, started, cancellationToken);
            if (taken > 0) JobsTakenBack(logger, taken);
            if (taken == 0 || orphans.Count < Slice) return;
        }
    }

    /// <summary>What the store no longer has is not worth waking. Those that open meanwhile are not among the ones looked at.</summary>
    private void Forget(IReadOnlyCollection<SessionId> known, IReadOnlyList<WorkerSession> sessions)
    {
        if (known.Count == 0) return;
        var stored = sessions.Select(session => session.Id).ToHashSet();
        foreach (var gone in known.Where(id => !stored.Contains(id))) live.Remove(gone);
    }

    private async ValueTask<int> TakeBackAsync(
        IReadOnlyList<Orphan> orphans, Dictionary<SessionId, int> started, CancellationToken cancellationToken)
    {
        List<(Job, JobCommand)> commands = [];
        foreach (var orphan in orphans)
        {
            var charged = IsCharged(orphan, started);
            var found = await storage.Jobs.FindAsync(orphan.Head.Key, JobParts.Status, cancellationToken);
            if (found.Job is { } job) commands.Add((job with { Head = orphan.Head }, new JobCommand.Lose(orphan.Head.Token, charged)));
        }

        return await writer.WriteAllAsync(commands, cancellationToken);
    }

    private static bool IsCharged(Orphan orphan, Dictionary<SessionId, int> started)
    {
        if (orphan.SessionClosed) return false;
        if (orphan.SessionSlots == 0 || orphan.Head.Session is not { } session) return true;
        var before = started.GetValueOrDefault(session);
        started[session] = before + 1;
        return before < orphan.SessionSlots;
    }

    [LoggerMessage(1120, LogLevel.Warning, "Took {Jobs} jobs back from worker sessions that are gone.")]
    private static partial void JobsTakenBack(ILogger logger, int jobs);

    [LoggerMessage(1121, LogLevel.Warning, "{What}. For {Term} no session is ended by the clock, so that the living can beat first; those that stay silent are ended.")]
    private static partial void TimeIsStrange(ILogger logger, string what, TimeSpan term);
}

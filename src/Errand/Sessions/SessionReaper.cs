using Errand.Hosting;
using Errand.Lifecycle;
using Errand.Storage;
using Errand.Work;
using Microsoft.Extensions.Logging;

namespace Errand.Sessions;

/// <summary>
/// Takes jobs back from sessions that are gone. Of a dead session only as many jobs as it ran at once are charged with its death, in the
/// order in which they were claimed: what lay behind them had been fetched ahead and never started.
/// </summary>
internal sealed partial class SessionReaper(
    IJobStorage storage, JobWriter writer, LiveSessions live, ErrandOptions options, TimeProvider time,
    ILogger<SessionReaper> logger) : ISweep
{
    private const int Slice = 500;

    private readonly ClockWatch _clock = new(options.SessionTerm, time);
    private bool _wasStrange;

    public string Name => "sessions";

    /// <summary>Twice a second, so that recovery is within expiry and a second.</summary>
    public TimeSpan Every => TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// At start: ends the sessions of the dead process before us, spares remote ones that could not beat while nobody listened.
    /// </summary>
    public async ValueTask RecoverAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await storage.Sessions.RecoverAsync(now, now + options.SessionTerm, cancellationToken);
        await ReapAsync(cancellationToken);
    }

    public ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var strange = _clock.IsStrange();
        if (strange && !_wasStrange) ClockIsStrange(logger, options.SessionTerm);
        _wasStrange = strange;
        return strange ? ValueTask.CompletedTask : ReapAsync(cancellationToken);
    }

    private async ValueTask ReapAsync(CancellationToken cancellationToken)
    {
        Dictionary<SessionId, int> started = [];
        while (true)
        {
            var orphans = await storage.Sessions.ListOrphansAsync(time.GetUtcNow(), Slice, cancellationToken);
            var taken = orphans.Count == 0 ? 0 : await TakeBackAsync(orphans, started, cancellationToken);
            if (taken > 0) JobsTakenBack(logger, taken);
            if (taken == 0 || orphans.Count < Slice) break;
        }

        await ForgetAsync(cancellationToken);
    }

    /// <summary>What the store no longer has is not worth waking. Those that open meanwhile are not among the ones looked at.</summary>
    private async ValueTask ForgetAsync(CancellationToken cancellationToken)
    {
        var known = live.Ids;
        if (known.Count == 0) return;
        var stored = (await storage.Sessions.ListAsync(cancellationToken)).Select(session => session.Id).ToHashSet();
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

    [LoggerMessage(1121, LogLevel.Warning,
        "The clock jumped or this process was stopped; no session is ended for {Term}, so that the living can beat first.")]
    private static partial void ClockIsStrange(ILogger logger, TimeSpan term);
}

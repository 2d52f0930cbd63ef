using System.Collections.Concurrent;
using Errand.Lifecycle;
using Errand.Storage;
using Errand.Work;
using Microsoft.Extensions.Logging;

namespace Errand.Sessions;

/// <summary>
/// Finds claims whose answers were lost. One beat is not enough to tell: the answer may be on its way while the beat is. What two of them
/// leave out never reached the worker, so nothing was started and no attempt is counted.
/// </summary>
internal sealed partial class HeldClaims(
    IJobStorage storage, JobWriter writer, ErrandOptions options, TimeProvider time, ILogger<HeldClaims> logger) : IHeldClaims
{
    private readonly ConcurrentDictionary<SessionId, Missing> _missing = new();

    // Beats come from a clock that is not ours, and not quite evenly.
    private TimeSpan Apart => options.BeatEvery * 0.75;

    public async ValueTask<IReadOnlyCollection<JobTicket>> CompareAsync(
        SessionId session, IReadOnlyCollection<JobTicket> held, CancellationToken cancellationToken)
    {
        var claimed = (await storage.Sessions.ListClaimedAsync(session, cancellationToken)).ToDictionary(head => head.Ticket);
        var named = held.ToHashSet();
        await ReleaseAsync(session, [.. claimed.Values.Where(head => !named.Contains(head.Ticket))], cancellationToken);
        return [.. named.Where(ticket => !claimed.ContainsKey(ticket))];
    }

    private async ValueTask ReleaseAsync(SessionId session, List<JobHead> unnamed, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        var before = _missing.GetValueOrDefault(session)?.Since ?? [];
        var since = unnamed.ToDictionary(head => head.Token, head => before.TryGetValue(head.Token, out var first) ? first : now);
        if (since.Count == 0) _missing.TryRemove(session, out _);
        else Remember(session, new Missing(since, now));

        var forgotten = unnamed.FindAll(head => time.GetElapsedTime(since[head.Token], now) >= Apart);
        if (forgotten.Count == 0) return;
        List<(Job, JobCommand)> commands = [];
        foreach (var head in forgotten)
        {
            var found = await storage.Jobs.FindAsync(head.Key, JobParts.Status, cancellationToken);
            if (found.Job is { } job) commands.Add((job, new JobCommand.Lose(head.Token, Charged: false)));
        }

        var released = await writer.WriteAllAsync(commands, cancellationToken);
        if (released > 0) ClaimsForgotten(logger, session, released);
    }

    /// <summary>A session that ends while something is missing is not heard of again.</summary>
    private void Remember(SessionId session, Missing missing)
    {
        if (_missing.TryAdd(session, missing))
        {
            foreach (var (other, old) in _missing)
            {
                if (time.GetElapsedTime(old.At, missing.At) > options.SessionTerm * 10) _missing.TryRemove(other, out _);
            }
        }
        else
        {
            _missing[session] = missing;
        }
    }

    [LoggerMessage(1122, LogLevel.Warning,
        "The worker of session {Session} does not know of {Jobs} jobs that were claimed for it: the answer was lost. They are queued again.")]
    private static partial void ClaimsForgotten(ILogger logger, SessionId session, int jobs);

    /// <summary>Since when each claim is not named, by its token, and when the last beat said so.</summary>
    private sealed record Missing(Dictionary<long, long> Since, long At);
}

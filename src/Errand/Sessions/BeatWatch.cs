using Errand.Storage;

namespace Errand.Sessions;

/// <summary>
/// Judges sessions by their beats alone: one that has not beaten for a term during which somebody looked is dead, whatever any wall clock says. This is what bounds the wait for a lost worker's
/// jobs while clocks jump: a jump moves no beat. Between two looks no more than a quarter of the term counts, so that four looks at least have found the session silent.
/// </summary>
internal sealed class BeatWatch(TimeSpan term, TimeProvider time)
{
    private Dictionary<SessionId, Silence> _silences = [];
    private TimeSpan _watched;
    private long _lookedAt = time.GetTimestamp();

    /// <summary>Takes note of the sessions as they are stored now, and returns those that have been silent for a term.</summary>
    public IReadOnlyList<WorkerSession> Silent(IReadOnlyList<WorkerSession> sessions)
    {
        var now = time.GetTimestamp();
        var passed = time.GetElapsedTime(_lookedAt, now);
        _watched += passed < term / 4 ? passed : term / 4;
        _lookedAt = now;
        var silences = new Dictionary<SessionId, Silence>(sessions.Count);
        foreach (var session in sessions) silences[session.Id] = SilenceOf(session);
        _silences = silences;
        return [.. sessions.Where(session => _watched - silences[session.Id].Since >= term)];
    }

    /// <summary>Every beat names another expiry.</summary>
    private Silence SilenceOf(WorkerSession session) =>
        _silences.TryGetValue(session.Id, out var before) && before.ExpiresAt == session.ExpiresAt ? before : new Silence(session.ExpiresAt, _watched);

    private readonly record struct Silence(DateTimeOffset ExpiresAt, TimeSpan Since);
}

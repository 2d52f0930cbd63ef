namespace Errand.Sessions;

/// <summary>
/// Notices that time did not pass as it should: the wall clock jumped, or the process was stopped. Sessions that could not beat meanwhile
/// then look dead and are not, so nothing is reaped for one term.
/// </summary>
internal sealed class ClockWatch(TimeSpan term, TimeProvider time)
{
    private long _lookedAt = time.GetTimestamp();
    private DateTimeOffset _wallAt = time.GetUtcNow();
    private long? _strangeAt;

    /// <summary>True while what the clock says of a session cannot be believed. Call it once a round.</summary>
    public bool IsStrange()
    {
        var now = time.GetTimestamp();
        var wall = time.GetUtcNow();
        var passed = time.GetElapsedTime(_lookedAt, now);
        var jump = (wall - _wallAt - passed).Duration();
        (_lookedAt, _wallAt) = (now, wall);
        if (jump > term / 4 || passed > term / 2) _strangeAt = now;
        if (_strangeAt is { } since && time.GetElapsedTime(since, now) >= term) _strangeAt = null;
        return _strangeAt is not null;
    }
}

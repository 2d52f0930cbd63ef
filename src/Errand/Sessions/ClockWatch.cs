namespace Errand.Sessions;

/// <summary>
/// Notices why sessions may look dead that are not: the wall clock jumped, this process stood still, or the store did not answer, so that nobody could beat. For one term after it no session is
/// judged by the clock. A sweep that merely takes long is none of these: while it runs, a pulse goes on that only a process at work can give.
/// </summary>
internal sealed class ClockWatch
{
    private static readonly TimeSpan PulseEvery = TimeSpan.FromMilliseconds(500);

    private readonly TimeSpan _term;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private long _lookedAt;
    private DateTimeOffset _wallAt;
    private long _pulseAt;
    private TimeSpan _stoodStill;
    private long _answeredAt;
    private bool _answered = true;
    private long? _strangeAt;

    public ClockWatch(TimeSpan term, TimeProvider time)
    {
        (_term, _time) = (term, time);
        _lookedAt = _pulseAt = _answeredAt = time.GetTimestamp();
        _wallAt = time.GetUtcNow();
    }

    /// <summary>
    /// Looks at the clocks, once a round. True while what the wall clock says of a session cannot be believed, with what happened if it happened since the last look.
    /// </summary>
    public bool IsStrange(out string? what)
    {
        lock (_gate)
        {
            what = WhatHappened();
            if (what is not null) _strangeAt = _lookedAt;
            if (_strangeAt is { } since && _time.GetElapsedTime(since, _lookedAt) >= _term) _strangeAt = null;
            return _strangeAt is not null;
        }
    }

    /// <summary>Whoever has just started has not looked for a term either.</summary>
    public void Distrust()
    {
        lock (_gate) _strangeAt = _time.GetTimestamp();
    }

    /// <summary>Gives pulses until it is disposed: the round is at work, however long it takes.</summary>
    public ITimer Pulse()
    {
        lock (_gate) _answered = false;
        return _time.CreateTimer(_ => Beat(), null, PulseEvery, PulseEvery);
    }

    /// <summary>The round has ended well.</summary>
    public void Answered()
    {
        Beat();
        lock (_gate) (_answered, _answeredAt) = (true, _time.GetTimestamp());
    }

    private string? WhatHappened()
    {
        var (now, wall) = (_time.GetTimestamp(), _time.GetUtcNow());
        var jump = wall - _wallAt - _time.GetElapsedTime(_lookedAt, now);
        NoteStandstill(now);
        var still = _stoodStill;
        var silent = _answered ? TimeSpan.Zero : _time.GetElapsedTime(_answeredAt, now);
        (_lookedAt, _wallAt, _stoodStill) = (now, wall, TimeSpan.Zero);
        if (jump.Duration() > _term / 4) return $"The clock jumped by {jump}";
        if (still > _term / 2) return $"This process stood still for {still}";
        return silent > _term / 2 ? $"The store did not answer for {silent}" : null;
    }

    private void Beat()
    {
        lock (_gate) NoteStandstill(_time.GetTimestamp());
    }

    private void NoteStandstill(long now)
    {
        var still = _time.GetElapsedTime(_pulseAt, now);
        if (still > _stoodStill) _stoodStill = still;
        _pulseAt = now;
    }
}

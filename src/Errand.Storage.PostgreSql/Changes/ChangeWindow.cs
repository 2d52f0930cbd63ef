namespace Errand.Storage.PostgreSql;

/// <summary>A moment of the store.</summary>
/// <param name="At">When it was asked for.</param>
/// <param name="OldestRunning">Transactions below this number are over.</param>
/// <param name="NextTransaction">Transactions from this number on had not begun to write.</param>
/// <param name="Sequence">The last sequence that was taken.</param>
internal readonly record struct ChangeMark(DateTimeOffset At, long OldestRunning, long NextTransaction, long Sequence);

/// <summary>
/// How far back a look for changes must go to miss no commit. A change carries the time at which it was decided, and appears when it commits.
/// What a look did not see was written by a transaction that still ran, or had not begun, at that moment: it is younger than the last moment before which every transaction
/// is over. Beyond that only the time between the decision and the first write counts, and how far clocks are apart.
/// </summary>
internal sealed class ChangeWindow
{
    /// <summary>From a decision to its first write: a wait for a connection, a busy writer; and clocks.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);

    /// <summary>A transaction that writes for longer – anybody's in the cluster – is waited for no more: each look reads the whole window.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    // As many jobs as may have taken a sequence within the slack before the first look.
    private const long SequencesBefore = 50_000;

    private readonly List<ChangeMark> _marks = [];

    /// <summary>Where the look at this moment begins.</summary>
    public ChangeMark Begin(ChangeMark now)
    {
        // Numbers that go back are another server's, which was promoted without the last of them.
        if (_marks.Count > 0 && now.NextTransaction < _marks[^1].NextTransaction) _marks.RemoveRange(1, _marks.Count - 1);
        if (_marks.Count == 0) _marks.Add(new ChangeMark(now.At - Slack, 0, 0, Math.Max(0, now.Sequence - SequencesBefore)));
        return _marks[0];
    }

    /// <summary>The look at this moment is done: the next one may begin later.</summary>
    public void Took(ChangeMark now)
    {
        _marks[0] = _marks[0] with { NextTransaction = 0 };
        _marks.Add(now);
        var over = _marks.FindLast(mark => mark.NextTransaction <= now.OldestRunning).At;
        if (now.At - over > Longest) over = now.At - Longest;
        var first = _marks.FindLastIndex(mark => mark.At <= over - Slack);
        if (first > 0) _marks.RemoveRange(0, first);
    }
}

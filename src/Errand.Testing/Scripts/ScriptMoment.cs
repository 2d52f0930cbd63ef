using System.Globalization;

namespace Errand.Testing;

/// <summary>A moment in a job's course, counted from the one before: after so many polls, or after so much time. As text <c>3 polls</c> or <c>10s</c>.</summary>
public readonly record struct ScriptMoment
{
    private const int PollsMax = 1_000_000;
    private static readonly TimeSpan TimeMax = TimeSpan.FromDays(365);

    /// <summary>At once.</summary>
    public static ScriptMoment AtOnce { get; }

    /// <summary>How many polls are answered before; null when it is a time.</summary>
    public int? Polls { get; private init; }

    /// <summary>How much time passes before; null when it is a number of polls.</summary>
    public TimeSpan? Time { get; private init; }

    /// <summary>After so many polls have been answered.</summary>
    public static ScriptMoment AfterPolls(int polls)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(polls);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(polls, PollsMax);
        return new ScriptMoment { Polls = polls };
    }

    /// <summary>After so much time.</summary>
    public static ScriptMoment AfterTime(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, TimeMax);
        return new ScriptMoment { Time = time };
    }

    /// <summary>Reads <c>3 polls</c>, <c>1 poll</c>, <c>10s</c>, <c>2m</c> or <c>500ms</c>.</summary>
    public static bool TryParse(string? text, out ScriptMoment moment)
    {
        moment = default;
        var words = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is [var number, "poll" or "polls"])
        {
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var polls) || polls > PollsMax) return false;
            moment = AfterPolls(polls);
            return true;
        }

        if (words is not [var length] || !ScriptTime.TryParse(length, out var time) || time > TimeMax) return false;
        moment = AfterTime(time);
        return true;
    }

    /// <summary>True once so many polls and so much time are over.</summary>
    internal bool IsOver(int polls, TimeSpan time) => Time is { } most ? time >= most : polls >= (Polls ?? 0);

    /// <summary>How far it is there, from 0 to 1.</summary>
    internal double Part(int polls, TimeSpan time)
    {
        if (IsOver(polls, time)) return 1;
        return Time is { } most ? time / most : polls / (double)Polls!.Value;
    }

    /// <inheritdoc/>
    public override string ToString() => Time is { } time
        ? ScriptTime.ToText(time)
        : string.Create(CultureInfo.InvariantCulture, $"{Polls ?? 0} {(Polls == 1 ? "poll" : "polls")}");
}

namespace Errand.Torture.Histories;

/// <summary>What a client may ever see of one job, as a machine: it is not there, then it is, its version only grows, and its end is for ever.</summary>
internal static class JobHistory
{
    /// <summary>Whether one machine could have answered so.</summary>
    /// <remarks>
    /// Of the submits without an answer only the first counts: it may have its effect at any time that a later one may, and they are the same request. Hundreds of them, as a server that is down
    /// leaves behind, would otherwise be tried in every combination.
    /// </remarks>
    public static bool IsLinearizable(IReadOnlyList<Call<Seen>> calls)
    {
        var first = calls.Where(IsUnanswered).MinBy(call => call.Begun);
        return Linearizability.Holds([.. calls.Where(call => !IsUnanswered(call) || call == first)], Nothing, Apply);
    }

    private static readonly JobView Nothing = new(0, "");

    private static JobView? Apply(JobView now, Seen call) => call.Kind switch
    {
        SeenKind.Missing => now == Nothing ? now : null,
        // A submit that was not answered may have made the job; whatever is read next is later.
        SeenKind.SubmitUnanswered => now == Nothing ? new JobView(0, "queued") : now,
        SeenKind.Submitted when now == Nothing => new JobView(call.Version, call.Status),
        SeenKind.Read or SeenKind.Canceled when now == Nothing => null,
        SeenKind.Canceled when !IsStopping(call.Status) => null,
        _ => Advance(now, new JobView(call.Version, call.Status)),
    };

    private static bool IsUnanswered(Call<Seen> call) => call.What.Kind is SeenKind.SubmitUnanswered;

    private static JobView? Advance(JobView before, JobView now)
    {
        if (now.Version < before.Version) return null;
        if (now.Version == before.Version) return Word(now.Status) == Word(before.Status) ? now : null;
        if (IsTerminal(before.Status)) return null;
        if (before.Status == "canceling" && !IsStopping(now.Status)) return null;
        return now;
    }

    // "scheduled" ends by time alone, within one version.
    private static string Word(string status) => status == "scheduled" ? "queued" : status;

    private static bool IsTerminal(string status) => status is "succeeded" or "failed" or "canceled";

    private static bool IsStopping(string status) => status == "canceling" || IsTerminal(status);

    private sealed record JobView(long Version, string Status);
}

/// <summary>A call and its answer.</summary>
internal readonly record struct Seen(SeenKind Kind, long Version, string Status)
{
    public static Seen Unanswered { get; } = new(SeenKind.SubmitUnanswered, 0, "");

    public static Seen Missing { get; } = new(SeenKind.Missing, 0, "");

    public override string ToString() => Kind switch
    {
        SeenKind.SubmitUnanswered => "submit, no answer",
        SeenKind.Missing => "not there",
        _ => $"{Kind} {Status} v{Version}",
    };
}

internal enum SeenKind
{
    /// <summary>A read answered: there is no such job.</summary>
    Missing,

    /// <summary>A submit was acknowledged with this view of the job.</summary>
    Submitted,

    /// <summary>A submit was not answered.</summary>
    SubmitUnanswered,

    /// <summary>A read answered so.</summary>
    Read,

    /// <summary>A cancel was acknowledged with this view of the job.</summary>
    Canceled,
}

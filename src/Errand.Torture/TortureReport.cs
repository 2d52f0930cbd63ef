namespace Errand.Torture;

/// <summary>What came of it.</summary>
internal sealed record TortureReport
{
    public required int Seed { get; init; }

    public required int Submitted { get; init; }

    public required int Acknowledged { get; init; }

    /// <summary>Acknowledged, and at the end not there, or never ended.</summary>
    public required int Lost { get; init; }

    /// <summary>Ended, and seen with another end later; or one submit that made two jobs.</summary>
    public required int SettledTwice { get; init; }

    /// <summary>Histories that no single machine could have shown.</summary>
    public required int NotLinearizable { get; init; }

    /// <summary>Batches with an item that is missing or counted twice.</summary>
    public required int ItemsWrong { get; init; }

    /// <summary>Outputs whose bytes are not those that were written.</summary>
    public required int OutputsTorn { get; init; }

    /// <summary>Jobs with a result that no run of them gave.</summary>
    public required int ResultsForeign { get; init; }

    /// <summary>Jobs that began more than once, as they may.</summary>
    public required int RunTwice { get; init; }

    /// <summary>Jobs that lost three workers and were parked.</summary>
    public required int Poisoned { get; init; }

    public required int Canceled { get; init; }

    /// <summary>Calls that histories are made of.</summary>
    public required int Calls { get; init; }

    /// <summary>Submits that were answered: not now.</summary>
    public required int Refused { get; init; }

    public required IReadOnlyDictionary<string, int> Faults { get; init; }

    /// <summary>From a node's fault until it acknowledged again.</summary>
    public required RecoveryTimes AcceptsAgain { get; init; }

    /// <summary>From a run that broke off until the job ran again.</summary>
    public required RecoveryTimes RunsAgain { get; init; }

    /// <summary>Kinds of faults that were not possible here, each with its reason.</summary>
    public required IReadOnlyList<string> NotDone { get; init; }

    /// <summary>What was wrong, in sentences.</summary>
    public required IReadOnlyList<string> Wrong { get; init; }

    public bool Sound => Wrong.Count == 0;
}

/// <summary>How long it took, the usual and the worst case.</summary>
internal sealed record RecoveryTimes(int Count, TimeSpan Median, TimeSpan Max)
{
    public static RecoveryTimes Of(IReadOnlyCollection<TimeSpan> times)
    {
        if (times.Count == 0) return new RecoveryTimes(0, TimeSpan.Zero, TimeSpan.Zero);
        var sorted = times.Order().ToList();
        return new RecoveryTimes(sorted.Count, sorted[sorted.Count / 2], sorted[^1]);
    }
}

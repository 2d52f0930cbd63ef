namespace Errand.Testing.Stage;

/// <summary>Where a job is in its script. Changed only by whoever holds its <see cref="Turn"/>.</summary>
internal sealed class Course(VendorScript script, Job job, string queue, DateTimeOffset startedAt) : IDisposable
{
    private readonly List<Trouble> troubles = [.. script.Faults.Where(fault => !fault.OnStart).Select(fault => new Trouble(fault))];
    private int pollsAtWork;
    private int pollsAtEnd;
    private DateTimeOffset atWork;
    private DateTimeOffset atEnd;

    public VendorScript Script => script;

    public JobKey Key { get; } = job.Head.Key;

    public string Type { get; } = job.Head.Type;

    /// <summary>A queue that has this job alone, so that its one claimer gets no other.</summary>
    public string Queue => queue;

    /// <summary>The number of its items.</summary>
    public int Items { get; } = (int)(job.Details.ItemCount ?? 0);

    /// <summary>Polls that were answered with the job.</summary>
    public int Polls { get; set; }

    /// <summary>Items that were reported.</summary>
    public int Reported { get; set; }

    public CoursePhase Phase { get; private set; }

    /// <summary>True while its job lies asleep between two steps.</summary>
    public bool Asleep { get; set; }

    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>The next answer that goes wrong; null when none does.</summary>
    public ScriptFault? NextFault()
    {
        lock (troubles) return Trouble.Next(troubles);
    }

    /// <summary>Whether it leaves the queue now.</summary>
    public bool Begins(DateTimeOffset now) => Phase is CoursePhase.Queued && script.Queued.IsOver(Polls, now - startedAt);

    public void Begin(DateTimeOffset now) => (Phase, pollsAtWork, atWork) = (CoursePhase.Working, Polls, now);

    /// <summary>Whether it ends now.</summary>
    public bool Ends(DateTimeOffset now) => Phase is CoursePhase.Working && script.End is not ScriptEnd.Never && script.After.IsOver(Polls - pollsAtWork, now - atWork);

    public void End(DateTimeOffset now) => (Phase, pollsAtEnd, atEnd) = (CoursePhase.Ended, Polls, now);

    /// <summary>Whether the vendor forgets it now.</summary>
    public bool Goes(DateTimeOffset now) => Phase is CoursePhase.Ended && script.ExpireAfter is { } kept && kept.IsOver(Polls - pollsAtEnd, now - atEnd);

    public void Go() => Phase = CoursePhase.Gone;

    /// <summary>How many of its items are done by now, while it works; the last one only at the end.</summary>
    public int ItemsDue(DateTimeOffset now) =>
        script.End is ScriptEnd.Never ? 0 : Math.Min((int)(Items * script.After.Part(Polls - pollsAtWork, now - atWork)), Math.Max(0, Items - 1));

    public void Dispose() => Turn.Dispose();
}

/// <summary>Where a course is.</summary>
internal enum CoursePhase
{
    Queued,
    Working,
    Ended,
    Gone,
}

/// <summary>An answer that goes wrong, so often.</summary>
internal sealed class Trouble(ScriptFault fault)
{
    private int? left = fault.Times;

    /// <summary>Takes the first that is left.</summary>
    public static ScriptFault? Next(IReadOnlyList<Trouble> troubles) => troubles.FirstOrDefault(trouble => trouble.left != 0)?.Take();

    private ScriptFault Take()
    {
        left--;
        return fault;
    }
}

namespace Errand.Torture;

/// <summary>What is tortured, how long and how.</summary>
internal sealed record TortureOptions
{
    /// <summary>The program and its first arguments: every process is one of these.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>Everything that runs, writes here; removed at the end unless something was wrong.</summary>
    public required string Folder { get; init; }

    /// <summary>Faults, load and pauses are drawn from it. Which of two processes comes first is not: that is the machine's business.</summary>
    public required int Seed { get; init; }

    /// <summary>How long faults happen. What comes after, until every job has ended, is not counted.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(2);

    public TortureStore Store { get; init; }

    /// <summary>A database that is there already; null to start one and to kill it too.</summary>
    public string? Connection { get; init; }

    /// <summary>Where in that database the tables lie.</summary>
    public string Schema => $"errand_torture_{Seed:x}";

    public int Nodes { get; init; } = 1;

    public int Workers { get; init; } = 2;

    /// <summary>How long jobs may take to end once all is well again; one that has not ended by then is lost.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Told what happens, a line each.</summary>
    public Action<string> Say { get; init; } = _ => { };
}

internal enum TortureStore
{
    Sqlite,
    PostgreSql,
}

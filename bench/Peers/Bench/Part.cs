namespace Errand.Peers.Bench;

/// <summary>Where a part keeps its jobs.</summary>
internal enum Store
{
    Folder,
    PostgreSql,
    Redis,
}

/// <summary>Something that is measured: Errand, a peer, or what a store can do by itself.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">What the tables call it.</param>
/// <param name="Store">What it gets, empty, for each block.</param>
/// <param name="Program">The folder below bench/Peers that holds it, or a script of bench/Peers/Node.</param>
/// <param name="Semantics">How what it promises differs from Errand; empty for limits.</param>
internal sealed record Part(string Name, string Title, Store Store, string Program, string Semantics)
{
    /// <summary>In the order of a round: each limit stands beside what is compared with it. Every other round runs backwards.</summary>
    public static IReadOnlyList<Part> All { get; } =
    [
        new("disk", "disk flush", Store.Folder, "Raw", ""),
        new("raw-sqlite", "raw SQLite", Store.Folder, "Raw", ""),
        new("errand-sqlite", "Errand, SQLite", Store.Folder, "Errand", "At least once, outcomes once (fenced). Every job stays as history for 7 days, with input and outcome, and is served to clients."),
        new("bullmq", "BullMQ, Redis", Store.Redis, "bullmq.mjs",
            "At least once (a stalled job runs again). Keeps the last 1,000 finished jobs here. Redis holds all in memory; AOF is flushed before each answer."),
        new("raw-postgresql", "raw PostgreSQL", Store.PostgreSql, "Raw", ""),
        new("errand-postgresql", "Errand, PostgreSQL", Store.PostgreSql, "Errand", "As on SQLite, for any number of nodes."),
        new("graphile-worker", "graphile-worker", Store.PostgreSql, "graphile-worker.mjs",
            "At least once. Finished jobs are deleted: no history, no result. After a crash the up to 500 jobs fetched ahead stay locked for four hours."),
        new("pg-boss", "pg-boss", Store.PostgreSql, "pg-boss.mjs",
            "At least once. Its handler takes a batch, which completes or fails as one. Finished jobs are archived after 12 hours, kept for 7 days."),
        new("wolverine", "Wolverine", Store.PostgreSql, "Wolverine",
            "Messages, at least once, with a durable inbox and outbox. Handled messages are kept for 5 minutes; no result. No bulk submit; it is filled by single ones."),
        new("quartz", "Quartz.NET", Store.PostgreSql, "Quartz",
            "A scheduler: at least once when recovery is requested. A job that ran leaves nothing behind. Retries are the job's own affair."),
        new("hangfire", "Hangfire", Store.PostgreSql, "Hangfire", "At least once, 10 retries. Finished jobs are kept for a day, with their states. No bulk submit; it is filled by single ones."),
    ];

    public bool IsErrand => Program == "Errand";

    public bool IsLimit => Program == "Raw";

    /// <summary>How its process is started on a store.</summary>
    public (string File, string[] Arguments) Command(string peers, string store)
    {
        if (Program.EndsWith(".mjs", StringComparison.Ordinal)) return ("node", [Path.Combine(peers, "Node", Program), store]);
        var assembly = Path.Combine(peers, Program, "bin/Release/net10.0", $"Errand.Peers.{Program}.dll");
        return ("dotnet", IsErrand || IsLimit ? [assembly, Name.Split('-')[^1], store] : [assembly, store]);
    }

    /// <summary>What is missing for it to run here, or null.</summary>
    public string? Missing(string peers)
    {
        if (Store == Store.PostgreSql && Postgres.Programs is null) return "PostgreSQL is not installed: apt-get install postgresql";
        if (Store == Store.Redis && !Processes.Exists("redis-server")) return "Redis is not installed: apt-get install redis-server";
        var file = Command(peers, "").Arguments[0];
        if (!File.Exists(file)) return $"{Path.GetRelativePath(peers, file)} was not built; what eng/bench-peers.sh printed first says why";
        return file.EndsWith(".mjs", StringComparison.Ordinal) && !Directory.Exists(Path.Combine(peers, "Node/node_modules"))
            ? "bench/Peers/Node has no packages: npm ci failed, as eng/bench-peers.sh printed first" : null;
    }
}

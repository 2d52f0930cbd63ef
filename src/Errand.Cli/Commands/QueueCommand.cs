using System.CommandLine;
using System.Text.Json.Nodes;
using Errand.Cli.Clients;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Contracts;

namespace Errand.Cli.Commands;

/// <summary><c>errand queue …</c>: what waits where, and who may take it.</summary>
internal static class QueueCommand
{
    private static readonly string[] Headings = ["name", "state", "queued", "running", "oldest", "concurrency", "rate"];

    public static Command Create(Terminal terminal) =>
        new Verb("queue", "List, pause, resume and limit queues.", "errand queue list", "errand queue pause bulk")
    {
        List(terminal),
        Change(terminal, "pause", "Let a queue give no more jobs; what runs goes on.", new JsonObject { ["paused"] = true }),
        Change(terminal, "resume", "Let a paused queue give jobs again.", new JsonObject { ["paused"] = false }),
        Limit(terminal),
    };

    private static ClientVerb List(Terminal terminal) =>
        new ClientVerb(terminal, "list", "List the queues.", "errand queue list", "errand queue list -o json").Does(
            async (run, cancellationToken) =>
        {
            var now = run.Terminal.Time.GetUtcNow();
            await run.Print.ManyAsync(run.Client.QueuesAsync(cancellationToken), queue => queue.Name, Headings, queue => Row(queue, now));
            return ExitCodes.Ok;
        });

    private static ClientVerb Change(Terminal terminal, string verb, string description, JsonObject patch)
    {
        var name = Name();
        return new ClientVerb(terminal, verb, description, $"errand queue {verb} default", $"errand queue {verb} bulk -o json") { name }
            .Does((run, cancellationToken) => PatchAsync(run, run.Get(name), patch, cancellationToken));
    }

    private static ClientVerb Limit(Terminal terminal)
    {
        var name = Name();
        var concurrency = new Option<int?>("--concurrency")
        {
            Description = "At most this many jobs at once; 0 for no limit",
            HelpName = "N",
        };
        var rate = new Option<double?>("--rate") { Description = "At most this many starts a second; 0 for no limit", HelpName = "N" };
        return new ClientVerb(
            terminal, "limit", "Limit a queue, or lift its limits.", "errand queue limit bulk --concurrency 4",
            "errand queue limit bulk --rate 0")
        {
            name, concurrency, rate,
        }.Does((run, cancellationToken) =>
        {
            var patch = new JsonObject();
            if (run.Get(concurrency) is { } most) patch["maxConcurrency"] = most == 0 ? null : JsonValue.Create(most);
            if (run.Get(rate) is { } starts) patch["rate"] = starts == 0 ? null : JsonValue.Create(starts);
            if (patch.Count == 0) throw new CliException(ExitCodes.Usage, "name a limit: --concurrency N or --rate N.");
            return PatchAsync(run, run.Get(name), patch, cancellationToken);
        });
    }

    private static async Task<int> PatchAsync(ClientRun run, string name, JsonObject patch, CancellationToken cancellationToken)
    {
        var queue = await run.Client.UpdateQueueAsync(name, patch, cancellationToken);
        run.Print.One(queue, queue.Name, () =>
        {
            var table = new TextTable(Headings);
            table.Add(Row(queue, run.Terminal.Time.GetUtcNow()));
            table.Write(run.Terminal.Out, run.Print.Screen);
        });
        return ExitCodes.Ok;
    }

    private static Argument<string> Name() => new("name") { Description = "The queue" };

    private static Paint[] Row(QueueResource queue, DateTimeOffset now) =>
    [
        queue.Name, Paint.Word(queue.Paused ? "paused" : "open"), $"{queue.Queued}", $"{queue.Running}",
        queue.OldestDueAt is { } due && due < now ? When.Ago(due, now) : "", $"{queue.MaxConcurrency}", queue.Rate is { } rate
            ? $"{rate}/s" : "",
    ];
}

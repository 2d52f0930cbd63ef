using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Terminals;
using Errand.Contracts;

namespace Errand.Cli.Commands;

/// <summary><c>errand schedule set NAME</c>: makes a schedule or replaces it.</summary>
internal static class ScheduleSetCommand
{
    public static ClientVerb Create(Terminal terminal)
    {
        var name = ScheduleCommand.Name();
        var type = new Option<string>("--type") { Description = "What to run", HelpName = "TYPE", Required = true };
        var data = new Option<string?>("--data", "-d") { Description = "The input: JSON, @FILE, or - for standard input", HelpName = "JSON" };
        var cron = new Option<string?>("--cron") { Description = "Five fields (minute first) or six (second first)", HelpName = "CRON" };
        var zone = new Option<string?>("--time-zone") { Description = "The IANA time zone of --cron (default UTC)", HelpName = "ZONE" };
        var every = JobArguments.Duration("--every", "A fixed distance instead of --cron: 15m");
        var jitter = JobArguments.Duration("--jitter", "Come up to this much later: 5m");
        var misfire = new Option<string?>("--misfire") { Description = "Missed times: skip, once (default) or all", HelpName = "RULE" };
        var overlap = new Option<string?>("--overlap") { Description = "A former job lives: allow (default), skip or cancelPrevious", HelpName = "RULE" };
        var queue = new Option<string?>("--queue") { Description = "The queue, where it is not the type's", HelpName = "NAME" };
        var priority = new Option<int?>("--priority") { Description = "0 to 9, 9 the most urgent (default 5)", HelpName = "N" };
        var collections = new Option<string[]>("--collection") { Description = "A collection that its jobs are shared with; may be repeated", HelpName = "NAME" };
        misfire.AcceptOnlyFromAmong([.. WireWords.All<MisfireRule>()]);
        overlap.AcceptOnlyFromAmong([.. WireWords.All<OverlapRule>()]);
        return new ClientVerb(
            terminal, "set", "Make a schedule, or replace it.", "errand schedule set nightly --cron '0 2 * * *' --time-zone Europe/Berlin --type report.export",
            "errand schedule set poll --every 15m --type feed.poll --overlap skip")
        {
            name, type, data, cron, zone, every, jitter, misfire, overlap, queue, priority, collections,
        }.Does(async (run, cancellationToken) =>
        {
            var request = new SaveScheduleRequest
            {
                Cron = run.Get(cron),
                TimeZone = run.Get(zone),
                Every = run.Get(every),
                Jitter = run.Get(jitter),
                Misfire = WireWords.TryParse<MisfireRule>(run.Get(misfire), out var rule) ? rule : null,
                Overlap = WireWords.TryParse<OverlapRule>(run.Get(overlap), out var other) ? other : null,
                Collections = run.Get(collections) is { Length: > 0 } names ? names : null,
                Job = new SubmitJobRequest
                {
                    Type = run.Get(type)!,
                    Input = await Documents.ReadAsync("--data", run.Get(data), run.Terminal, cancellationToken),
                    Queue = run.Get(queue),
                    Priority = run.Get(priority),
                },
            };
            return ScheduleCommand.Show(run, await run.Client.SaveScheduleAsync(run.Get(name), request, cancellationToken));
        });
    }
}

using System.CommandLine;
using System.Globalization;
using Errand.Cli.Clients;
using Errand.Cli.Jobs;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Client;
using Errand.Contracts;

namespace Errand.Cli.Commands;

/// <summary><c>errand schedule …</c>: what makes jobs by the clock.</summary>
internal static class ScheduleCommand
{
    private static readonly string[] Headings = ["name", "state", "times", "type", "next", "last"];

    public static Command Create(Terminal terminal) => new Verb(
        "schedule", "List, set, run, pause and delete schedules.", "errand schedule list",
        "errand schedule set nightly --cron '0 2 * * *' --time-zone Europe/Berlin --type report.export")
    {
        new ClientVerb(terminal, "list", "List the schedules.", "errand schedule list", "errand schedule list -o json").Does(
            async (run, cancellationToken) =>
            {
                await run.Print.ManyAsync(run.Client.SchedulesAsync(cancellationToken), one => one.Name, Headings, Row);
                return ExitCodes.Ok;
            }),
        OfOne(terminal, "show", "Show a schedule.", (client, name, stop) => client.GetScheduleAsync(name, stop)),
        ScheduleSetCommand.Create(terminal),
        Run(terminal),
        OfOne(terminal, "pause", "Let a schedule make no more jobs.", (client, name, stop) => client.PauseScheduleAsync(name, true, stop)),
        OfOne(terminal, "resume", "Let a paused schedule go on with its next time.", (client, name, stop) => client.PauseScheduleAsync(name, false, stop)),
        Delete(terminal),
        Next(terminal),
    };

    public static int Show(ClientRun run, ScheduleResource schedule)
    {
        run.Print.One(schedule, schedule.Name, () =>
        {
            var table = new TextTable(Headings);
            table.Add(Row(schedule));
            table.Write(run.Terminal.Out, run.Print.Screen);
            if (schedule.Problem is { } problem) run.Note($"Its last time made no job: {problem}");
        });
        return ExitCodes.Ok;
    }

    public static Argument<string> Name() => new("name") { Description = "The schedule" };

    private static ClientVerb OfOne(
        Terminal terminal, string verb, string description, Func<HttpJobClient, string, CancellationToken, Task<ScheduleResource>> act)
    {
        var name = Name();
        return new ClientVerb(terminal, verb, description, $"errand schedule {verb} nightly", $"errand schedule {verb} nightly -o json") { name }
            .Does(async (run, cancellationToken) => Show(run, await act(run.Client, run.Get(name), cancellationToken)));
    }

    private static ClientVerb Run(Terminal terminal)
    {
        var name = Name();
        return new ClientVerb(
            terminal, "run", "Make a job of a schedule now.", "errand schedule run nightly", "errand schedule run nightly -o id | xargs errand watch") { name }
            .Does(async (run, cancellationToken) =>
            {
                var job = await run.Client.RunScheduleAsync(run.Get(name), cancellationToken);
                run.Print.One(job, job.Id, () => JobView.Details(job, run.Terminal));
                return ExitCodes.Ok;
            });
    }

    private static ClientVerb Delete(Terminal terminal)
    {
        var name = Name();
        return new ClientVerb(terminal, "delete", "Remove a schedule; its jobs stay.", "errand schedule delete nightly", "errand schedule delete nightly --url http://127.0.0.1:5230") { name }
            .Does(async (run, cancellationToken) =>
            {
                await run.Client.DeleteScheduleAsync(run.Get(name), cancellationToken);
                run.Note($"Removed {run.Get(name)}. Its jobs stay.");
                return ExitCodes.Ok;
            });
    }

    private static ClientVerb Next(Terminal terminal)
    {
        var name = Name();
        var count = new Option<int?>("--count") { Description = "How many times, 1 to 100 (default 10)", HelpName = "N" };
        return new ClientVerb(terminal, "next", "Tell the next times of a schedule.", "errand schedule next nightly", "errand schedule next nightly --count 3") { name, count }
            .Does(async (run, cancellationToken) =>
            {
                foreach (var at in await run.Client.NextTimesAsync(run.Get(name), run.Get(count) ?? 10, cancellationToken)) run.Terminal.Out.WriteLine(Time(at));
                return ExitCodes.Ok;
            });
    }

    private static Paint[] Row(ScheduleResource one) =>
    [
        one.Name, Paint.Word(one.Paused ? "paused" : "open"), one.Cron is null ? $"every {WireDuration.Format(one.Every!.Value)}" : $"{one.Cron} {one.TimeZone}",
        one.Job.Type, one.NextRunAt is { } next ? Time(next) : "", one.LastRunAt is { } last ? Time(last) : "",
    ];

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;

namespace Errand.Cli.Commands;

/// <summary><c>errand why ID</c>: what a job waits for, in one sentence.</summary>
internal static class WhyCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = JobArguments.Id();
        return new ClientVerb(terminal, "why", "Tell what a job is waiting for.", "errand why ID", "errand why ID -o json") { id }
            .Does(async (run, cancellationToken) =>
            {
                var why = await run.Client.WhyAsync(run.Get(id), cancellationToken);
                run.Print.One(why, why.Code, () =>
                {
                    run.Terminal.Out.WriteLine(Paint.Plain(why.Sentence).Text);
                    var facts = new Facts(run.Terminal);
                    facts.Add("until", why.Until is { } until ? When.At(until) : null);
                    facts.Add("held by", why.Jobs is { Count: > 0 } jobs ? string.Join(' ', jobs) : null);
                    facts.Add("ahead", why.Ahead is { } ahead ? $"{ahead}{(ahead >= 10_000 ? " or more" : "")}" : null);
                });
                return ExitCodes.Ok;
            });
    }
}

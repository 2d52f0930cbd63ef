using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Jobs;
using Errand.Cli.Terminals;

namespace Errand.Cli.Commands;

/// <summary><c>errand show ID</c>: everything about one job.</summary>
internal static class ShowCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = JobArguments.Id();
        var input = new Option<bool>("--input") { Description = "Show its input too (needs the scope jobs.read.input)" };
        return new ClientVerb(
            terminal, "show", "Show a job.", "errand show 0190c1f2a5b47d3e8c1d2f3a4b5c6d7e", "errand show ID --input -o json") { id, input }
            .Does(async (run, cancellationToken) =>
            {
                var snapshot = await run.Client.GetAsync(run.Get(id), run.Get(input) ? "input,attempts" : "attempts", cancellationToken);
                run.Print.One(snapshot.Job, snapshot.Job.Id, () => JobView.Details(snapshot.Job, run.Terminal));
                return ExitCodes.Ok;
            });
    }
}

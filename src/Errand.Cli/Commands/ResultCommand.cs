using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Jobs;
using Errand.Cli.Terminals;

namespace Errand.Cli.Commands;

/// <summary><c>errand result ID</c>: the bytes of a result, as they are.</summary>
internal static class ResultCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = JobArguments.Id();
        return new ClientVerb(
            terminal, "result", "Print the result of a job, byte for byte.", "errand result ID | jq .rows",
            "errand result ID > report.pdf") { id }
            .Does(async (run, cancellationToken) =>
            {
                using var result = await run.Client.OpenResultAsync(run.Get(id), cancellationToken);
                if (result is null) return await WithoutAsync(run, run.Get(id), cancellationToken);
                await run.Terminal.Out.FlushAsync(cancellationToken);
                await using var output = run.Terminal.OpenOut();
                await result.Content.CopyToAsync(output, cancellationToken);
                if (result.ContentType?.StartsWith("application/json", StringComparison.Ordinal) is true) output.WriteByte((byte)'\n');
                return ExitCodes.Ok;
            });
    }

    private static async Task<int> WithoutAsync(ClientRun run, string id, CancellationToken cancellationToken)
    {
        var job = (await run.Client.GetAsync(id, cancellationToken: cancellationToken)).Job;
        if (!job.Done) throw new CliException(
            ExitCodes.Conflict, $"the job is {JobWords.Headline(job)}: it has no result yet. Wait for it: errand wait {id}");
        run.Note("The job succeeded without a result.");
        return ExitCodes.Ok;
    }
}

using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Jobs;
using Errand.Cli.Terminals;

namespace Errand.Cli.Commands;

/// <summary><c>errand retry ID…</c>: submits failed or canceled jobs again, as new jobs.</summary>
internal static class RetryCommand
{
    public static Command Create(Terminal terminal)
    {
        var ids = JobArguments.Ids();
        return new ClientVerb(
            terminal, "retry", "Submit failed or canceled jobs again, as new jobs.", "errand retry ID",
            "errand list \"status:failed created:<1h\" -o id | xargs errand retry -o id") { ids }
            .Does(async (run, cancellationToken) =>
            {
                var now = run.Terminal.Time.GetUtcNow();
                var jobs = run.Get(ids).ToAsyncEnumerable().Select(
                    async (string id, CancellationToken token) => await run.Client.RetryAsync(id, token));
                await run.Print.ManyAsync(jobs, job => job.Id, JobView.Headings, job => JobView.Row(job, now));
                return ExitCodes.Ok;
            });
    }
}

using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Jobs;
using Errand.Cli.Terminals;

namespace Errand.Cli.Commands;

/// <summary><c>errand cancel ID…</c>: asks jobs to stop.</summary>
internal static class CancelCommand
{
    public static Command Create(Terminal terminal)
    {
        var ids = JobArguments.Ids();
        var reason = new Option<string?>("--reason") { Description = "Why, for whoever looks at the job", HelpName = "TEXT" };
        return new ClientVerb(
            terminal, "cancel", "Ask jobs to stop. A finished job stays as it is.", "errand cancel ID --reason \"wrong month\"",
            "errand list status:queued -o id | xargs errand cancel")
        {
            ids, reason,
        }.Does(async (run, cancellationToken) =>
        {
            var now = run.Terminal.Time.GetUtcNow();
            var jobs = run.Get(ids).ToAsyncEnumerable().Select(
                async (string id, CancellationToken token) => await run.Client.CancelAsync(id, run.Get(reason), token));
            await run.Print.ManyAsync(jobs, job => job.Id, JobView.Headings, job => JobView.Row(job, now));
            return ExitCodes.Ok;
        });
    }
}

using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Jobs;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Client;
using Errand.Contracts;

namespace Errand.Cli.Commands;

/// <summary><c>errand watch ID</c>: a moving bar on a screen, a line per change in a pipe.</summary>
internal static class WatchCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = JobArguments.Id();
        return new ClientVerb(
            terminal, "watch", "Follow a job until it is finished.", "errand watch ID",
            "errand watch ID -o jsonl | jq .job.progress") { id }
            .Does(async (run, cancellationToken) =>
            {
                var last = run.Print.Format is OutputFormat.Json or OutputFormat.Jsonl
                    ? await EventsAsync(run, run.Job(run.Get(id)), cancellationToken)
                    : await new JobFollower(run.Job(run.Get(id)), run.Terminal).FollowAsync(run.Terminal.Out, cancellationToken);
                if (run.Print.Format is OutputFormat.Id) run.Terminal.Out.WriteLine(last.Id);
                return JobWords.ExitCode(last);
            });
    }

    private static async Task<JobResource> EventsAsync(ClientRun run, JobHandle job, CancellationToken cancellationToken)
    {
        JobResource? last = null;
        await foreach (var happened in job.WatchAsync(cancellationToken))
        {
            last = happened.Job;
            run.Print.Line(happened);
        }

        return last ?? (await job.GetAsync(cancellationToken)).Job;
    }
}

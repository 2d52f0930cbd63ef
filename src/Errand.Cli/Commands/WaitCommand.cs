using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Jobs;
using Errand.Cli.Terminals;
using Errand.Client;
using Errand.Contracts;

namespace Errand.Cli.Commands;

/// <summary><c>errand wait ID…</c>: ends with whatever the jobs end with, each outcome with its own exit code.</summary>
internal static class WaitCommand
{
    public static Command Create(Terminal terminal)
    {
        var ids = JobArguments.Ids();
        var timeout = JobArguments.Timeout();
        var any = new Option<bool>("--any") { Description = "End as soon as one of them is finished" };
        return new ClientVerb(
            terminal, "wait", "Wait until jobs are finished, however they end; the exit code tells how (see 'errand help exit-codes').",
            "errand wait ID --timeout 10m && echo done", "errand wait ID1 ID2 ID3 --any -o id")
        {
            ids, timeout, any,
        }.Does(async (run, cancellationToken) =>
        {
            var jobs = run.Get(any)
                ? await FirstAsync(run, run.Get(ids), run.Get(timeout), cancellationToken)
                : await AllAsync(run, run.Get(ids), run.Get(timeout), cancellationToken);
            var now = run.Terminal.Time.GetUtcNow();
            await run.Print.ManyAsync(jobs.ToAsyncEnumerable(), job => job.Id, JobView.Headings, job => JobView.Row(job, now));
            return JobWords.Worst(jobs.Select(JobWords.ExitCode));
        });
    }

    private static async Task<JobResource[]> AllAsync(ClientRun run, string[] ids, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var snapshots = await Task.WhenAll(
            ids.Distinct(StringComparer.Ordinal).Select(id => run.Client.WaitAsync(id, timeout, cancellationToken)));
        return [.. snapshots.Select(snapshot => snapshot.Job)];
    }

    private static async Task<JobResource[]> FirstAsync(ClientRun run, string[] ids, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = ids.Distinct(StringComparer.Ordinal).Select(id => run.Client.WaitAsync(id, timeout, others.Token)).ToArray();
        var first = await await Task.WhenAny(waits);
        await others.CancelAsync();
        await Task.WhenAll(waits).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return [first.Job];
    }
}

using System.Text;
using System.Text.Json;
using Errand.Storage;

namespace Errand.Handlers;

/// <summary>
/// Cancels, retries or removes many jobs in the name of a caller: page by page, at a bounded rate, in the order of acceptance, so that
/// what it changes never shifts what it reads. An attempt that begins anew goes through all of it again and changes nothing twice.
/// </summary>
internal sealed class BulkJobHandler(IJobClients clients, BulkOptions options, TimeProvider time) : IJobHandler
{
    private const int Page = 200;

    public async ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (Read(context.Input.Json.Span, out var filter) is not { } bulk)
            return new JobOutcome.Failed(new JobError(JobErrorCodes.InputUnreadable, "The input is not that of a bulk action, or its filter cannot be read."));
        var client = clients.For(bulk.Caller);
        var counts = new BulkCounts();
        JobCursor? after = null;
        do
        {
            var begun = time.GetTimestamp();
            var page = await client.ListAsync(filter, JobOrder.CreatedAscending, after, Math.Min(Page, options.Rate), cancellationToken);
            foreach (var job in page.Jobs)
            {
                cancellationToken.ThrowIfCancellationRequested();
                // An action on itself would never end well.
                if (job.Head.Id == context.Head.Id) continue;
                counts.Add(await ApplyAsync(client, bulk, job, context, cancellationToken));
            }

            context.Report(counts.ToProgress());
            after = page.Next;
            if (after is not null) await ThrottleAsync(page.Jobs.Count, begun, cancellationToken);
        }
        while (after is not null);
        return new JobOutcome.Succeeded(counts.ToJson());
    }

    /// <summary>Only jobs that were there when it was asked for: the jobs that a retry makes are not retried in turn.</summary>
    private static BulkJob? Read(ReadOnlySpan<byte> json, out JobFilter filter)
    {
        filter = JobFilter.All;
        try
        {
            var bulk = BulkJob.Parse(json);
            if (!JobFilterParser.TryParse(bulk.Filter, bulk.AsOf, out var read, out _)) return null;
            filter = read.CreatedBefore < bulk.AsOf ? read : read with { CreatedBefore = bulk.AsOf };
            return bulk;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<BulkResult> ApplyAsync(IJobClient client, BulkJob bulk, Job job, JobContext context, CancellationToken cancellationToken)
    {
        try
        {
            switch (bulk.Action)
            {
                case BulkAction.Cancel:
                    if (job.Head.State.IsTerminal()) return BulkResult.Skipped;
                    var canceled = await client.CancelAsync(job.Head.Id, bulk.Reason, cancellationToken);
                    return canceled.Head.State is JobState.Canceled or JobState.Canceling ? BulkResult.Done : BulkResult.Skipped;
                case BulkAction.Retry:
                    await client.RetryAsync(job.Head.Id, RetryIds.Of(context.Head.Id, job.Head.Id), cancellationToken);
                    return BulkResult.Done;
                default:
                    await client.PurgeAsync(job.Head.Id, tombstone: true, cancellationToken);
                    return BulkResult.Done;
            }
        }
        catch (JobProblemException e) when (e.Problem.Name is JobProblems.JobActive or JobProblems.JobNotFinished or JobProblems.NotFound or JobProblems.JobPurged)
        {
            // The action is not for a job in this state: that it matched the filter is no error.
            return BulkResult.Skipped;
        }
        catch (JobProblemException e)
        {
            await context.LogAsync(JobSeverity.Error, $"Job {job.Head.Id}: {e.Problem.Detail}", cancellationToken: cancellationToken);
            return BulkResult.Failed;
        }
    }

    private async Task ThrottleAsync(int jobs, long begun, CancellationToken cancellationToken)
    {
        var wait = TimeSpan.FromSeconds((double)jobs / options.Rate) - time.GetElapsedTime(begun);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken);
    }
}

internal enum BulkResult
{
    Done,
    Skipped,
    Failed,
}

/// <summary>How far a bulk action has come.</summary>
internal sealed class BulkCounts
{
    private long _done;
    private long _skipped;
    private long _failed;

    public void Add(BulkResult result)
    {
        if (result is BulkResult.Done) _done++;
        else if (result is BulkResult.Skipped) _skipped++;
        else _failed++;
    }

    public JobProgress ToProgress() => new() { Completed = _done + _skipped + _failed, Failed = _failed, Unit = "jobs" };

    public byte[] ToJson() => Encoding.UTF8.GetBytes(
        $$"""{"matched":{{_done + _skipped + _failed}},"done":{{_done}},"skipped":{{_skipped}},"failed":{{_failed}}}""");
}

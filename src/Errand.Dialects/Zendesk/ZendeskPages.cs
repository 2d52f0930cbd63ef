using Errand.Storage;

namespace Errand.Dialects.Zendesk;

/// <summary>Reads pages of the list in either direction from the two orders that the front door has.</summary>
internal sealed class ZendeskPages(IJobClient jobs, ZendeskMapping mapping, TimeSpan retention, DateTimeOffset now, CancellationToken aborted)
{
    private static readonly JobStatus[] Live = [JobStatus.Scheduled, JobStatus.Queued, JobStatus.Running, JobStatus.Canceling];

    /// <summary>At most <paramref name="size"/> jobs beyond a place, in the order of the list, and whether more follow that way.</summary>
    public async Task<(List<Job> Jobs, bool More)> ReadAsync(ZendeskCursor? from, bool backwards, int size)
    {
        List<Job> found = [];

        // Forwards: what is unfinished, then what is finished. Backwards: the other way round.
        var finished = from?.Finished ?? backwards;
        var after = from?.Inside;
        await FillAsync(found, finished, backwards, after, size + 1);
        if (found.Count <= size && finished == backwards) await FillAsync(found, !finished, backwards, null, size + 1);
        var more = found.Count > size;
        if (more) found.RemoveRange(size, found.Count - size);
        if (backwards) found.Reverse();
        return (found, more);
    }

    private async Task FillAsync(List<Job> found, bool finished, bool backwards, JobCursor? after, int wanted)
    {
        // Whatever ended before that is gone by any count; the rest is looked at one by one.
        var filter = finished ? JobFilter.All with { FinishedAfter = now - retention - TimeSpan.FromHours(1) } : JobFilter.All with { Statuses = Live };
        var order = (finished, backwards) switch
        {
            (true, false) => JobOrder.FinishedDescending,
            (true, true) => JobOrder.FinishedAscending,
            (false, false) => JobOrder.CreatedDescending,
            _ => JobOrder.CreatedAscending,
        };
        do
        {
            var page = await jobs.ListAsync(filter, order, after, wanted - found.Count, aborted);
            found.AddRange(page.Jobs.Where(job => !mapping.IsGone(job.Head, now)));
            after = page.Next;
        }
        while (after is not null && found.Count < wanted);
    }
}

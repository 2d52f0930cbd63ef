using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Progress: the latest report of a job.</summary>
public abstract class ProgressSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task The_latest_report_is_kept_with_the_next_sequence()
    {
        var job = await ClaimNewAsync();
        var full = new JobProgress
        {
            Percent = 12.5,
            Completed = 4,
            Total = 32,
            Failed = 1,
            Unit = "rows",
            Message = "Reading ☃",
            UpdatedAt = Draft.After(1),
        };

        var first = await SaveAsync(job, full);
        Expect.Equal(full with { Sequence = 1 }, first!, "the store gives the sequence, and nothing else");
        Expect.Equal(first, (await ReadAsync(job.Head.Key)).Progress, "a reader sees what was stored");

        var second = await SaveAsync(job, new JobProgress { Message = "Done", UpdatedAt = Draft.After(2), Sequence = 99 });
        Expect.Equal(
            new JobProgress { Message = "Done", UpdatedAt = Draft.After(2), Sequence = 2 }, second!,
            "a report replaces the one before as a whole");
        Expect.Equal(second, (await ReadAsync(job.Head.Key)).Progress, "the latest wins");
    }

    [Fact]
    public async Task Progress_is_no_change_of_the_job()
    {
        var job = await ClaimNewAsync();

        await SaveAsync(job, new JobProgress { Percent = 1 });

        Expect.Equal(job.Head, (await ReadAsync(job.Head.Key)).Head, "progress has a sequence of its own, and never makes a settle lose");
        await ApplyAsync(Draft.Finish(job.Head));
        Expect.Equal(1d, (await ReadAsync(job.Head.Key)).Progress!.Percent!.Value, "the last report outlives the run");
    }

    [Fact]
    public async Task The_sequence_goes_on_through_attempts()
    {
        var first = await ClaimNewAsync();
        await SaveAsync(first, new JobProgress { Percent = 50 });
        await ApplyAsync(Draft.Requeue(first.Head));
        var second = await ClaimAgainAsync(first.Head, first.Ticket.Session);

        Expect.Equal(
            2L, (await SaveAsync(second, new JobProgress { Percent = 1 }))!.Sequence,
            "it is part of what readers compare, so it never falls back");
    }

    [Fact]
    public async Task Reports_of_many_jobs_are_one_call()
    {
        await SubmitManyAsync(200);
        var session = await OpenSessionAsync();
        var jobs = (await ClaimAsync(session.Id, limit: 200)).Jobs;

        var saved = await Storage.Contents.SaveProgressAsync(
            [.. jobs.Select((job, i) => new ProgressReport(job.Ticket, new JobProgress { Completed = i }))], Stop);

        Expect.Same(
            Enumerable.Range(0, 200).Select(i => (long?)i), saved.Select(p => p?.Completed), "one result per report, in the order given");
    }

    private async Task<JobProgress?> SaveAsync(ClaimedJob job, JobProgress progress) =>
        (await Storage.Contents.SaveProgressAsync([new(job.Ticket, progress)], Stop))[0];
}

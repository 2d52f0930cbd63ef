using Errand.Storage.Memory;
using Errand.Work;

namespace Errand.Outputs;

public sealed class ProgressTests
{
    [Fact]
    public async Task Reports_are_written_about_once_a_second_none_is_older_than_that_and_the_latest_wins()
    {
        await using var engine = await Engine.StartAsync();
        var (worker, job) = await RunningAsync(engine);
        List<DateTimeOffset> writes = [];
        engine.Faults.Before = (verb, _) =>
        {
            if (verb == StorageVerb.SaveProgress) writes.Add(engine.Now);
            return ValueTask.CompletedTask;
        };

        for (var i = 1; i <= 100; i++)
        {
            engine.Source.Reports.ReportProgress(job.Ticket, new JobProgress { Percent = i / 2.0 });
            engine.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        // What a report says is stored before it is a second old, with time left for the write.
        Assert.InRange(writes.Count, 6, 7);
        Assert.All(writes.Zip(writes.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, TimeSpan.FromMilliseconds(800), TimeSpan.FromMilliseconds(900)));
        engine.Source.Reports.ReportProgress(job.Ticket, new JobProgress { Percent = 99, Message = "Nearly there" });
        await worker.SucceedAsync(job);
        var done = (await engine.Client.FindAsync(job.Head.Id)).Job!;
        Assert.Equal((99, "Nearly there"), (done.Progress!.Percent, done.Progress.Message));
    }

    [Fact]
    public async Task Progress_of_many_jobs_is_one_write()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        for (var i = 0; i < 50; i++) await engine.SubmitAsync();
        var writes = 0;
        engine.Faults.Before = (verb, _) =>
        {
            if (verb == StorageVerb.SaveProgress) writes++;
            return ValueTask.CompletedTask;
        };
        var jobs = await worker.ClaimAsync(50);
        foreach (var job in jobs) engine.Source.Reports.ReportProgress(job.Ticket, new JobProgress { Percent = 10 });
        engine.Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, writes);
        Assert.Equal(10, (await engine.Client.FindAsync(jobs[49].Head.Id)).Job!.Progress!.Percent);
    }

    [Fact]
    public async Task Items_are_counted_into_the_progress()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        await engine.SubmitAsync(change: job => job with { Items = "[1,2,3]"u8.ToArray() });
        var job = await worker.ClaimOneAsync();
        await engine.Source.Reports.WriteItemsAsync(
            job.Ticket,
            [new JobItem { Index = 0, Key = "0" }, new JobItem { Index = 1, Key = "1", Status = JobItemStatus.Failed, Error = new JobError("x", "X.", Detail: "stack") }],
            CancellationToken.None);
        engine.Source.Reports.ReportProgress(job.Ticket, new JobProgress { Message = "Working", Percent = double.NaN });
        await worker.SucceedAsync(job);

        var done = (await engine.Client.FindAsync(job.Head.Id)).Job!;
        Assert.Equal(
            (2L, 3L, 1L, "Working", null), (done.Progress!.Completed, done.Progress.Total, done.Progress.Failed, done.Progress.Message, done.Progress.Percent));
        Assert.Equal(new JobItemCounts(2, 1), done.Items);
        var failed = Assert.Single(await engine.Contents.ListItemsAsync(job.Head.Id, new Storage.ItemQuery(Status: JobItemStatus.Failed)));
        Assert.Null(failed.Error!.Detail);
    }

    [Fact]
    public async Task A_lost_claim_reports_nothing()
    {
        await using var engine = await Engine.StartAsync();
        var (worker, job) = await RunningAsync(engine);
        await worker.SettleAsync(job, JobOutcome.Released.Instance);
        var again = await worker.ClaimOneAsync();
        var reports = engine.Source.Reports;
        await Assert.ThrowsAsync<LeaseLostException>(
            async () => await reports.AppendMessagesAsync(job.Ticket, [new JobMessage { Time = engine.Now, Text = "late" }], default));
        await Assert.ThrowsAsync<LeaseLostException>(
            async () => await reports.WriteItemsAsync(job.Ticket, [new JobItem { Key = "0" }], default));
        await Assert.ThrowsAsync<LeaseLostException>(
            async () => await reports.PublishAsync(job.Ticket, OutputTests.Draft("a", "b"), default));
        reports.ReportProgress(job.Ticket, new JobProgress { Percent = 7 });
        await reports.FlushAsync(job.Ticket, default);
        Assert.Throws<LeaseLostException>(() => reports.ReportProgress(job.Ticket, new JobProgress { Percent = 8 }));

        reports.ReportProgress(again.Ticket, new JobProgress { Percent = 1 });
        Assert.True(await worker.SucceedAsync(again));
        Assert.Equal(1, (await engine.Client.FindAsync(job.Head.Id)).Job!.Progress!.Percent);
    }

    private static async Task<(TestWorker Worker, Storage.ClaimedJob Job)> RunningAsync(Engine engine)
    {
        var worker = await engine.OpenWorkerAsync();
        await engine.SubmitAsync();
        return (worker, await worker.ClaimOneAsync());
    }
}

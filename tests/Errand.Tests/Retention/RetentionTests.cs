using Errand.Outputs;

namespace Errand.Retention;

public sealed class RetentionTests
{
    [Fact]
    public async Task Finished_jobs_go_after_a_week_with_their_files_and_leave_a_tombstone_for_a_month()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var job = await engine.SubmitAsync();
        var claimed = await worker.ClaimOneAsync();
        var output = await engine.Source.Reports.PublishAsync(claimed.Ticket, OutputTests.Draft("report", "x"), default);
        await worker.SucceedAsync(claimed);

        engine.Time.Advance(TimeSpan.FromDays(6.9));
        await SweepAsync(engine);
        Assert.NotNull((await engine.Client.FindAsync(job.Head.Id)).Job);
        engine.Time.Advance(TimeSpan.FromDays(0.2));
        await SweepAsync(engine);
        Assert.NotNull((await engine.Client.FindAsync(job.Head.Id)).Tombstone);
        Assert.Null(await engine.Storage.Files.OpenAsync(output.Formats[0].Location, default));
        engine.Time.Advance(TimeSpan.FromDays(30.1));
        await SweepAsync(engine);
        Assert.Equal(default, await engine.Client.FindAsync(job.Head.Id));
    }

    [Fact]
    public async Task A_live_job_is_never_purged_and_a_kept_one_stays()
    {
        var kept = new JobType { Name = "kept", Retention = new JobRetention(null, null, null) };
        await using var engine = await Engine.StartAsync([new JobType { Name = "work" }, kept]);
        var live = await engine.SubmitAsync();
        var forever = await engine.SubmitAsync("kept");
        await engine.Client.CancelAsync(forever.Head.Id);
        var short_ = await engine.SubmitAsync("kept", job => job with { Retention = TimeSpan.FromHours(1) });
        await engine.Client.CancelAsync(short_.Head.Id);

        engine.Time.Advance(TimeSpan.FromDays(400));
        await SweepAsync(engine);
        Assert.NotNull((await engine.Client.FindAsync(live.Head.Id)).Job);
        Assert.NotNull((await engine.Client.FindAsync(forever.Head.Id)).Job);
        Assert.Null((await engine.Client.FindAsync(short_.Head.Id)).Job);
    }

    [Fact]
    public async Task More_than_a_slice_goes_in_one_round()
    {
        await using var engine = await Engine.StartAsync();
        var jobs = await engine.Client.SubmitManyAsync([.. Enumerable.Repeat(new JobSubmission { Type = "work" }, 1_000)], atomic: false);
        foreach (var reply in jobs) await engine.Client.CancelAsync(reply.Receipt!.Job.Head.Id);
        engine.Time.Advance(TimeSpan.FromDays(8));
        await SweepAsync(engine);
        Assert.Empty((await engine.Client.ListAsync(JobFilter.All)).Jobs);
    }

    [Fact]
    public async Task A_forgotten_key_may_be_used_again()
    {
        await using var engine = await Engine.StartAsync();
        var work = new JobSubmission { Type = "work" };
        var first = await engine.Client.SubmitAsync(work, Submits.IdempotencyTests.Key("k"));
        engine.Time.Advance(TimeSpan.FromHours(24.1));
        await SweepAsync(engine);
        Assert.NotEqual(first.Job.Head.Id, (await engine.Client.SubmitAsync(work, Submits.IdempotencyTests.Key("k"))).Job.Head.Id);
    }

    private static ValueTask SweepAsync(Engine engine) => engine.Sweep<RetentionSweep>().SweepAsync(CancellationToken.None);
}

using Microsoft.Extensions.Time.Testing;

namespace Errand.Testing.Tests;

/// <summary>Each word of a script about a job's course, on each vendor's wire, over HTTP.</summary>
public sealed class CourseTests
{
    public static TheoryData<string> Vendors => Caller.Vendors;

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_job_that_nobody_scripted_works_for_one_poll_and_completes(string name)
    {
        await using var vendor = await FakeVendor.StartAsync(name);
        using var caller = new Caller(vendor);
        var job = await caller.StartAsync();
        Assert.Equal([caller.Words.Working, caller.Words.Completed, caller.Words.Completed], await caller.PollsAsync(job, 3));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task After_polls(string name)
    {
        await using var vendor = await FakeVendor.StartAsync(name);
        using var caller = new Caller(vendor);
        vendor.Script("queued 1 poll, after 3 polls complete");
        var job = await caller.StartAsync();
        var words = caller.Words;
        Assert.Equal([words.Queued, words.Working, words.Working, words.Working, words.Completed], await caller.PollsAsync(job, 5));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task After_time_without_waiting(string name)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 9, 15, 4, TimeSpan.Zero));
        await using var vendor = await FakeVendor.StartAsync(name, new FakeVendorOptions { Time = time });
        using var caller = new Caller(vendor);
        vendor.Script(job => job.QueuedForTime(TimeSpan.FromMinutes(1)).AfterTime(TimeSpan.FromHours(2)));
        var job = await caller.StartAsync();
        var words = caller.Words;
        Assert.Equal([words.Queued, words.Queued], await caller.PollsAsync(job, 2));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([words.Working, words.Working], await caller.PollsAsync(job, 2));

        // Far more than any worker's session lasts: the job is not lost by it.
        time.Advance(TimeSpan.FromMinutes(119));
        Assert.Equal(words.Working, await caller.PollAsync(job));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(words.Completed, await caller.PollAsync(job));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Fail(string name)
    {
        await using var vendor = await FakeVendor.StartAsync(name);
        using var caller = new Caller(vendor);
        vendor.Script("after 1 poll fail OutOfDisk \"The disk is full.\"");
        var job = await caller.StartAsync();
        Assert.Equal([caller.Words.Working, caller.Words.Failed], await caller.PollsAsync(job, 2));
        Assert.Contains("The disk is full.", (await caller.GetAsync(job)).Body.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Cancel(string name)
    {
        await using var vendor = await FakeVendor.StartAsync(name);
        using var caller = new Caller(vendor);
        vendor.Script("at once cancel \"by an admin\"");
        Assert.Equal(caller.Words.Canceled, await caller.PollAsync(await caller.StartAsync()));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Stuck_stays_at_work_however_often_and_late_one_looks(string name)
    {
        var time = new FakeTimeProvider();
        await using var vendor = await FakeVendor.StartAsync(name, new FakeVendorOptions { Time = time });
        using var caller = new Caller(vendor);
        vendor.Script("stuck");
        var job = await caller.StartAsync();
        Assert.All(await caller.PollsAsync(job, 10), word => Assert.Equal(caller.Words.Working, word));
        for (var hour = 0; hour < 3; hour++) time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(caller.Words.Working, await caller.PollAsync(job));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Slow_takes_a_minute_or_what_is_said(string name)
    {
        var time = new FakeTimeProvider();
        await using var vendor = await FakeVendor.StartAsync(name, new FakeVendorOptions { Time = time });
        using var caller = new Caller(vendor);
        vendor.Script("slow");
        vendor.Script("slow 10m");
        var (minute, long_) = (await caller.StartAsync(), await caller.StartAsync());
        Assert.Equal(caller.Words.Working, await caller.PollAsync(minute));
        Assert.Equal(caller.Words.Working, await caller.PollAsync(long_));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(caller.Words.Completed, await caller.PollAsync(minute));
        Assert.Equal(caller.Words.Working, await caller.PollAsync(long_));
        time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(caller.Words.Completed, await caller.PollAsync(long_));
    }

    [Theory]
    [InlineData(VendorNames.Zendesk, 404)]
    [InlineData(VendorNames.Workiva, 404)]
    [InlineData(VendorNames.Alteryx, 404)]
    public async Task Expired_is_gone_as_the_vendor_has_it(string name, int status)
    {
        await using var vendor = await FakeVendor.StartAsync(name);
        using var caller = new Caller(vendor);
        vendor.Script("expired");
        var job = await caller.StartAsync();
        Assert.Equal(status, (await caller.GetAsync(job)).Status);
        vendor.Script("complete, expire after 2 polls");
        job = await caller.StartAsync();
        Assert.Equal([caller.Words.Working, caller.Words.Completed, caller.Words.Completed], await caller.PollsAsync(job, 3));
        Assert.Equal(status, (await caller.GetAsync(job)).Status);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Scripts_are_taken_one_by_one_some_for_several_jobs_and_one_for_every_job(string name)
    {
        await using var vendor = await FakeVendor.StartAsync(name);
        using var caller = new Caller(vendor);
        vendor.Script("at once fail, for 2 jobs");
        vendor.Script("at once cancel, for every job");
        var words = caller.Words;
        List<string> seen = [];
        for (var i = 0; i < 4; i++) seen.Add(await caller.PollAsync(await caller.StartAsync()));
        Assert.Equal([words.Failed, words.Failed, words.Canceled, words.Canceled], seen);
        Assert.Equal(1, vendor.ClearScripts());
        Assert.Equal(words.Working, await caller.PollAsync(await caller.StartAsync()));
    }
}

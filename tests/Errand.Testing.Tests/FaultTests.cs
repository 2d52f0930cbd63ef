using Microsoft.Extensions.Time.Testing;

namespace Errand.Testing.Tests;

/// <summary>Each word of a script about answers that go wrong, on each vendor's wire, over HTTP.</summary>
public sealed class FaultTests
{
    public static TheoryData<string> Vendors => Caller.Vendors;

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Too_many_requests_twice_then_fine(string name)
    {
        await using var vendor = await FakeVendor.StartAsync(name);
        using var caller = new Caller(vendor);
        vendor.Script("429 twice retry after 7s, then fine");
        var job = await caller.StartAsync();
        for (var i = 0; i < 2; i++)
        {
            var refused = await caller.GetAsync(job);
            Assert.Equal(429, refused.Status);
            Assert.Equal(TimeSpan.FromSeconds(7), refused.Headers.RetryAfter!.Delta);
        }

        // A refused poll is none: the course goes on where it was.
        Assert.Equal([caller.Words.Working, caller.Words.Completed], await caller.PollsAsync(job, 2));
        Assert.Equal([429, 429, 200, 200], vendor.Requests.Skip(1).Select(request => request.Status));
    }

    [Theory]
    [InlineData(VendorNames.Zendesk, "error", "ServiceUnavailable")]
    [InlineData(VendorNames.Workiva, "code", "503ServiceUnavailable")]
    [InlineData(VendorNames.Alteryx, "message", "The script says that the service cannot answer now.")]
    public async Task Unavailable_in_the_vendors_words(string name, string member, string word)
    {
        await using var vendor = await FakeVendor.StartAsync(name);
        using var caller = new Caller(vendor);
        vendor.Script("503 once");
        var job = await caller.StartAsync();
        var refused = await caller.GetAsync(job);
        Assert.Equal(503, refused.Status);
        Assert.Equal(word, refused.Body.GetProperty(member).GetString());
        Assert.Equal(caller.Words.Working, await caller.PollAsync(job));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Every_status_that_can_be_scripted_is_answered(string name)
    {
        await using var vendor = await FakeVendor.StartAsync(name);
        using var caller = new Caller(vendor);
        vendor.Script("401, 403, 404, 429, 500, 503, then fine");
        var job = await caller.StartAsync();
        List<int> seen = [];
        for (var i = 0; i < 7; i++) seen.Add((await caller.GetAsync(job)).Status);
        Assert.Equal([401, 403, 404, 429, 500, 503, 200], seen);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_start_that_is_refused_begins_nothing_and_keeps_the_script(string name)
    {
        await using var vendor = await FakeVendor.StartAsync(name);
        using var caller = new Caller(vendor);
        vendor.Script("503 twice on start, at once fail");
        Assert.Equal(503, (await caller.TryStartAsync()).Status);
        Assert.Equal(503, (await caller.TryStartAsync()).Status);
        Assert.Equal(caller.Words.Failed, await caller.PollAsync(await caller.StartAsync()));
        Assert.Empty(vendor.Scripts);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Always_goes_wrong_for_ever(string name)
    {
        await using var vendor = await FakeVendor.StartAsync(name);
        using var caller = new Caller(vendor);
        vendor.Script(job => job.Answer(500, times: null));
        var job = await caller.StartAsync();
        for (var i = 0; i < 5; i++) Assert.Equal(500, (await caller.GetAsync(job)).Status);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Drop_breaks_the_connection_off(string name)
    {
        await using var vendor = await FakeVendor.StartAsync(name);
        using var caller = new Caller(vendor);
        vendor.Script("drop once");
        var job = await caller.StartAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => caller.GetAsync(job));
        Assert.Equal(caller.Words.Working, await caller.PollAsync(job));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Lag_holds_answers_back(string name)
    {
        var time = new FakeTimeProvider();
        await using var vendor = await FakeVendor.StartAsync(name, new FakeVendorOptions { Time = time });
        using var caller = new Caller(vendor);
        var job = await caller.StartAsync();
        vendor.Script("lag 30s");
        var started = caller.TryStartAsync();

        // Without lag there is an answer at once; the one before it still waits.
        Assert.Equal(caller.Words.Working, await caller.PollAsync(job));
        Assert.False(started.IsCompleted);
        while (!started.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        Assert.True((await started).Status is 200 or 202);
    }
}

using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Errand.Handlers.Tests;

public sealed class HttpBatchTests
{
    private readonly FakeContext _context = new();
    private readonly ConcurrentQueue<string> _asked = [];

    [Fact]
    public async Task Each_item_is_posted_to_its_own_url_and_its_answer_is_its_result()
    {
        _context.Items = ["""{"id":17,"name":"a b/c"}""", """{"id":18,"name":"ü"}"""];

        var outcome = await RunAsync(http => http.Response.WriteAsJsonAsync(new { ok = true }), "/tickets/{id}?n={name}");

        Assert.Equal(["/tickets/17?n=a%20b%2Fc", "/tickets/18?n=%C3%BC"], _asked.Order());
        Assert.Equal(["17", "18"], _context.Stored.Select(item => item.Key));
        Assert.All(_context.Stored, item => Assert.Equal("""{"ok":true}""", Encoding.UTF8.GetString(item.Result.Span)));
        Assert.Equal("""{"total":2,"succeeded":2,"failed":0}""", Result(outcome));
    }

    [Fact]
    public async Task A_failed_item_does_not_fail_the_job()
    {
        _context.Items = ["""{"id":1}""", """{"id":2}""", """{"id":3}"""];

        var outcome = await RunAsync(Refuse("/tickets/2"));

        Assert.Equal("""{"total":3,"succeeded":2,"failed":1}""", Result(outcome));
        var failed = _context.Stored.Single(item => item.Status is JobItemStatus.Failed);
        Assert.Equal(("2", "http_404"), (failed.Key, failed.Error!.Code));
        Assert.Equal((3, 1), ((int)_context.Progress.Last().Completed!, (int)_context.Progress.Last().Failed!));
    }

    [Fact]
    public async Task A_failed_item_fails_the_job_where_the_type_says_so_but_only_at_the_end()
    {
        _context.Items = ["""{"id":2}""", """{"id":3}"""];

        var outcome = await RunAsync(Refuse("/tickets/2"), options: new() { FailOnItemError = true, Concurrency = 1 });

        Assert.Equal("items_failed", Assert.IsType<JobOutcome.Failed>(outcome).Error.Code);
        Assert.Equal(2, _context.Stored.Count);
    }

    [Fact]
    public async Task Items_that_an_earlier_attempt_finished_are_not_sent_again()
    {
        _context.Items = Enumerable.Range(0, 5000).Select(i => $$"""{"id":{{i}}}""");
        for (var i = 0; i < 5000; i += 2) _context.Store(new JobItem { Index = i, Key = i.ToString(), Status = i is 0 ? JobItemStatus.Failed : JobItemStatus.Succeeded });

        var outcome = await RunAsync(_ => Task.CompletedTask);

        Assert.Equal(2500, _asked.Count);
        Assert.All(_asked, path => Assert.Equal(1, int.Parse(path["/tickets/".Length..]) % 2));
        Assert.Equal("""{"total":5000,"succeeded":4999,"failed":1}""", Result(outcome));
    }

    [Fact]
    public async Task An_item_is_tried_again_while_that_may_help()
    {
        _context.Items = ["""{"id":1}"""];
        var clock = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        var running = RunAsync(
            http =>
            {
                http.Response.StatusCode = _asked.Count < 3 ? 503 : 200;
                return Task.CompletedTask;
            },
            options: new() { ItemAttempts = 3 }, clock: clock);
        while (!running.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System));
        }

        Assert.Equal("""{"total":1,"succeeded":1,"failed":0}""", Result(await running));
        Assert.Equal(3, _asked.Count);
    }

    [Fact]
    public async Task Never_more_items_are_sent_at_once_than_the_type_says()
    {
        _context.Items = Enumerable.Range(0, 60).Select(i => $$"""{"id":{{i}}}""");
        var now = 0;
        var most = 0;
        await RunAsync(
            async _ =>
            {
                var running = Interlocked.Increment(ref now);
                InterlockedMax(ref most, running);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
                Interlocked.Decrement(ref now);
            },
            options: new() { Concurrency = 4 });

        Assert.InRange(most, 2, 4);
    }

    [Theory]
    [InlineData("""{"id":".."}"""), InlineData("""{"id":"."}""")]
    [InlineData("""{"id":null}"""), InlineData("""{"other":1}"""), InlineData("\"text\""), InlineData("""{"id":{"a":1}}""")]
    public async Task An_item_that_does_not_fit_its_url_fails_alone_and_nothing_is_sent(string item)
    {
        _context.Items = [item];

        var outcome = await RunAsync(_ => Task.CompletedTask);

        Assert.Equal("""{"total":1,"succeeded":0,"failed":1}""", Result(outcome));
        Assert.StartsWith("url_field_", Assert.Single(_context.Stored).Error!.Code, StringComparison.Ordinal);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task A_key_is_the_named_member_else_id_or_key_else_the_place()
    {
        _context.Items = ["""{"sku":"A-1","id":9}""", """{"id":9}"""];
        await RunAsync(_ => Task.CompletedTask, "/all", new() { ItemKey = "sku" });
        Assert.Equal(["A-1", "1"], _context.Stored.Select(item => item.Key));
    }

    [Fact]
    public async Task Outcomes_are_stored_in_batches_and_memory_stays_flat()
    {
        _context.Items = Enumerable.Range(0, 20_000).Select(i => $$"""{"id":".","n":{{i}}}""");

        await RunAsync(_ => Task.CompletedTask);

        Assert.Equal(20_000, _context.Batches.Sum());
        Assert.InRange(_context.Batches.Max(), 1, 500);
    }

    [Fact]
    public async Task A_store_that_takes_no_items_ends_the_job_at_once()
    {
        _context.Items = Enumerable.Range(0, 100_000).Select(i => $$"""{"id":{{i}}}""");
        _context.OnItems = _ => throw new InvalidOperationException("the claim is over");

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(_ => Task.CompletedTask));

        Assert.Equal("the claim is over", exception.Message);
        Assert.InRange(_asked.Count, 1, 10_000);
    }

    private static RequestDelegate Refuse(string path) => http =>
    {
        http.Response.StatusCode = http.Request.Path == path ? 404 : 200;
        return Task.CompletedTask;
    };

    private static string Result(JobOutcome outcome) => Encoding.UTF8.GetString(Assert.IsType<JobOutcome.Succeeded>(outcome).Result.Span);

    private static void InterlockedMax(ref int target, int value)
    {
        while (Volatile.Read(ref target) is var seen && seen < value) Interlocked.CompareExchange(ref target, value, seen);
    }

    private async Task<JobOutcome> RunAsync(RequestDelegate answer, string path = "/tickets/{id}", HttpBatchHandlerOptions? options = null, TimeProvider? clock = null)
    {
        await using var server = await LoopbackServer.StartAsync(http =>
        {
            _asked.Enqueue(http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget);
            return answer(http);
        });
        await using var handler = Registered.With(
            errand => errand.AddHttpBatchType(new JobType { Name = "test.job" }, (options ?? new()) with { Url = server.Url + path }), clock);
        return await handler.RunAsync(_context);
    }
}

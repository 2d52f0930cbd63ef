using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>The items of a batch job: each with its own outcome, counted once.</summary>
public abstract class ItemSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task Items_without_an_index_are_appended_in_order()
    {
        var job = await ClaimNewAsync();
        var error = new JobError("bad_row", "Row 2 is empty.", Retryable: false, "detail");
        var failed = Draft.Item("b", status: JobItemStatus.Failed) with { Error = error };

        await WriteAsync(job, Draft.Item("a") with { Result = Draft.Utf8("""{"id":1}""") }, failed);
        var counts = await WriteAsync(job, Draft.Item("c"));

        var items = await ListAsync(job);
        Expect.Equal(new JobItemCounts(3, 1), counts, "failed ones are completed too");
        Expect.Same([0, 1, 2], items.Select(i => i.Index!.Value), "places count from 0");
        Expect.Same(["a", "b", "c"], items.Select(i => i.Key), "in the order of the reports");
        Expect.Bytes(Draft.Utf8("""{"id":1}"""), items[0].Result, "a result is kept byte for byte");
        Expect.Equal(failed with { Index = 1, Result = items[1].Result }, items[1], "an item is kept as it was reported");
        Expect.Equal(counts, (await ReadAsync(job.Head.Key)).Items!.Value, "the counts are read with the job");
    }

    [Fact]
    public async Task An_item_is_found_by_its_key_and_counts_once_however_often_it_is_reported()
    {
        var job = await ClaimNewAsync();
        await WriteAsync(job, Draft.Item("a", status: JobItemStatus.Failed), Draft.Item("b"));

        var again = await WriteAsync(
            job, Draft.Item("a"), Draft.Item("b", status: JobItemStatus.Failed), Draft.Item("b", status: JobItemStatus.Failed));

        Expect.Equal(new JobItemCounts(2, 1), again, "two items, the second failed now");
        Expect.Same(
            [("a", 0, JobItemStatus.Succeeded), ("b", 1, JobItemStatus.Failed)],
            (await ListAsync(job)).Select(i => (i.Key, i.Index!.Value, i.Status)),
            "the latest outcome stands, in the item's place");
    }

    [Fact]
    public async Task An_item_with_an_index_takes_that_place_whatever_stood_there()
    {
        var job = await ClaimNewAsync();

        await WriteAsync(job, Draft.Item("7", 7), Draft.Item("2", 2, JobItemStatus.Failed), Draft.Item("2", 2));
        var counts = await WriteAsync(job, Draft.Item("seven", 7, JobItemStatus.Failed), Draft.Item("next"));

        Expect.Equal(new JobItemCounts(3, 1), counts, "three places are taken");
        Expect.Same(
            [(2, "2"), (7, "seven"), (8, "next")], (await ListAsync(job)).Select(i => (i.Index!.Value, i.Key)),
            "items come by index, and what has none follows the last");
    }

    [Fact]
    public async Task Items_are_read_by_place_and_outcome()
    {
        var job = await ClaimNewAsync();
        await WriteAsync(job, [.. Enumerable.Range(0, 10).Select(i => Draft.Item($"k{i}", i * 2, FailedIf(i % 3 == 0)))]);

        Expect.Same([0, 2, 4], await IndexesAsync(job, new(Limit: 3)), "no more than asked for");
        Expect.Same([6, 8, 10, 12, 14, 16, 18], await IndexesAsync(job, new(After: 4)), "after this index");
        Expect.Same([6, 8], await IndexesAsync(job, new(After: 5, Limit: 2)), "an index that is not there is a place all the same");
        Expect.Same([6, 12, 18], await IndexesAsync(job, new(After: 0, Status: JobItemStatus.Failed)), "only the failed ones");
        Expect.Same([2, 4], await IndexesAsync(job, new(Status: JobItemStatus.Succeeded, Limit: 2)), "only the others");
    }

    [Fact]
    public async Task Jobs_have_items_of_their_own()
    {
        var (one, two) = (await ClaimNewAsync(), await ClaimNewAsync());
        await WriteAsync(one, Draft.Item("a"));

        Expect.Equal(
            new JobItemCounts(1, 1), await WriteAsync(two, Draft.Item("a", status: JobItemStatus.Failed)),
            "the same key in another job is another item");
        Expect.Equal(new JobItemCounts(1, 0), (await ReadAsync(one.Head.Key)).Items!.Value, "its own counts");
        Expect.Equal(0, (await Storage.Contents.ListItemsAsync(1_000_000, new(), Stop)).Count, "an unknown job has none");
    }

    [Fact]
    public async Task Items_outlive_their_attempt()
    {
        var first = await ClaimNewAsync();
        await WriteAsync(first, Draft.Item("a"), Draft.Item("b", status: JobItemStatus.Failed));
        await ApplyAsync(Draft.Requeue(first.Head));
        var second = await ClaimAgainAsync(first.Head, first.Ticket.Session);

        Expect.Equal(2, (await ListAsync(second)).Count, "a new attempt need not do them again");
        Expect.Equal(new JobItemCounts(3, 0), await WriteAsync(second, Draft.Item("b"), Draft.Item("c")), "and no item is counted twice");
    }

    [Fact]
    public async Task Items_are_no_change_of_the_job()
    {
        var job = await ClaimNewAsync();

        await WriteAsync(job, Draft.Item("a"));

        Expect.Equal(job.Head, (await ReadAsync(job.Head.Key)).Head, "items never make a settle lose");
    }

    [Fact]
    public async Task Twenty_thousand_items_are_streamed_in_and_paged_out()
    {
        const int Count = 20_000;
        var job = await ClaimNewAsync();
        var items = Enumerable.Range(0, Count).Select(i => Draft.Item($"row-{i}", i, FailedIf(i % 100 == 0)));

        JobItemCounts counts = default;
        foreach (var slice in items.Chunk(2_000)) counts = await WriteAsync(job, slice);
        var (seen, after) = (0, -1);
        while (await Storage.Contents.ListItemsAsync(job.Head.Sequence, new ItemQuery(after, Limit: 3_000), Stop) is { Count: > 0 } page)
        {
            seen += page.Count;
            after = page[^1].Index!.Value;
        }

        Expect.Equal(new JobItemCounts(Count, Count / 100), counts, "each counts once");
        Expect.Equal((Count, Count - 1), (seen, after), "each is read once");
    }

    private static JobItemStatus FailedIf(bool failed) => failed ? JobItemStatus.Failed : JobItemStatus.Succeeded;

    private async Task<JobItemCounts> WriteAsync(ClaimedJob job, params JobItem[] items) =>
        Expect.NotNull(await Storage.Contents.WriteItemsAsync(job.Ticket, items, Stop), "the job is claimed with that token");

    private async Task<IReadOnlyList<JobItem>> ListAsync(ClaimedJob job) =>
        await Storage.Contents.ListItemsAsync(job.Head.Sequence, new ItemQuery(), Stop);

    private async Task<IEnumerable<int>> IndexesAsync(ClaimedJob job, ItemQuery query) =>
        (await Storage.Contents.ListItemsAsync(job.Head.Sequence, query, Stop)).Select(i => i.Index!.Value);
}

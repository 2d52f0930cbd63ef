using System.Text;
using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>The lines of a job's log, and their caps.</summary>
public abstract class MessageSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task Lines_are_kept_in_order_with_sequences_from_one()
    {
        var job = await ClaimNewAsync();
        var line = Draft.Message("Zeile\n☃ 'x'", JobSeverity.Warning) with { Time = Draft.After(1), Source = 17 };

        await AppendAsync(job, line, Draft.Message("two"));
        await AppendAsync(job, Draft.Message("three"));

        var page = await Storage.Contents.ListMessagesAsync(job.Head.Sequence, new MessageQuery(), Stop);
        Expect.Equal(line with { Sequence = 1 }, page.Messages[0], "a line is kept as it was said");
        Expect.Same(["Zeile\n☃ 'x'", "two", "three"], page.Messages.Select(m => m.Text), "oldest first");
        Expect.Same([1L, 2, 3], page.Messages.Select(m => m.Sequence), "the store counts them");
        Expect.Equal(0L, page.Dropped, "nothing is dropped");
    }

    [Fact]
    public async Task Lines_are_read_by_place_gravity_and_attempt()
    {
        var job = await ClaimNewAsync();
        await AppendAsync(
            job,
            Draft.Message("d", JobSeverity.Debug), Draft.Message("i"), Draft.Message("w", JobSeverity.Warning, attempt: 2),
            Draft.Message("e", JobSeverity.Error, attempt: 2), Draft.Message("i2", attempt: 2));

        Expect.Equal("d i w e i2", await TextsAsync(job, new()), "all of them");
        Expect.Equal("w e", await TextsAsync(job, new(AtLeast: JobSeverity.Warning)), "at least so grave");
        Expect.Equal("w e i2", await TextsAsync(job, new(Attempt: 2)), "of this attempt");
        Expect.Equal("e i2", await TextsAsync(job, new(After: 3)), "after this one");
        Expect.Equal("d i", await TextsAsync(job, new(Limit: 2)), "no more than asked for");
        Expect.Equal("e", await TextsAsync(job, new(After: 3, AtLeast: JobSeverity.Warning, Attempt: 2, Limit: 5)), "all at once");
    }

    [Fact]
    public async Task Jobs_have_logs_of_their_own()
    {
        var (one, two) = (await ClaimNewAsync(), await ClaimNewAsync());
        await AppendAsync(one, Draft.Message("one"));
        await AppendAsync(two, Draft.Message("two"));

        Expect.Equal("one", await TextsAsync(one, new()), "its own line");
        Expect.Equal(1L, (await Storage.Contents.ListMessagesAsync(two.Head.Sequence, new(), Stop)).Messages[0].Sequence, "its own count");
        Expect.Equal(0, (await Storage.Contents.ListMessagesAsync(1_000_000, new(), Stop)).Messages.Count, "an unknown job said nothing");
    }

    [Fact]
    public async Task Ten_thousand_lines_are_kept_whole()
    {
        var job = await ClaimNewAsync();

        await AppendAsync(job, Lines(10_000));

        var (lines, dropped) = await ReadAllAsync(job);
        Expect.Equal((10_000, 0L), (lines.Count, dropped), "the cap is reached, not passed");
    }

    [Theory]
    [InlineData(12_000)]
    [InlineData(700)]
    public async Task Beyond_ten_thousand_lines_the_first_and_the_last_half_are_kept(int slice)
    {
        var job = await ClaimNewAsync();

        foreach (var lines in Lines(12_000).Chunk(slice)) await AppendAsync(job, lines);

        var (kept, dropped) = await ReadAllAsync(job);
        Expect.Same(
            Enumerable.Range(1, 5_000).Concat(Enumerable.Range(7_001, 5_000)).Select(i => (long)i), kept.Select(m => m.Sequence),
            "the sequence shows the gap");
        Expect.Equal("line 12000", kept[^1].Text, "the end of the log tells how it ended");
        Expect.Equal(2_000L, dropped, "how many are missing is told");
    }

    [Fact]
    public async Task Beyond_four_mebibytes_the_first_and_the_last_half_are_kept()
    {
        var job = await ClaimNewAsync();
        var text = new string('é', 5_000);

        foreach (var lines in Enumerable.Range(0, 600).Select(_ => Draft.Message(text)).Chunk(50)) await AppendAsync(job, lines);

        var (kept, dropped) = await ReadAllAsync(job);
        var bytes = kept.Sum(m => (long)Encoding.UTF8.GetByteCount(m.Text));
        var gap = kept.TakeWhile((m, i) => m.Sequence == i + 1).Count();
        Expect.That(
            bytes is <= 4 * 1024 * 1024 and > 4 * 1024 * 1024 - 40_000,
            $"the cap is 4 MiB of text as UTF-8, and is used; {bytes} bytes are kept");
        Expect.Equal((1L, 600L), (kept[0].Sequence, kept[^1].Sequence), "the first and the last line are kept");
        Expect.That(Math.Abs(gap - (kept.Count / 2)) <= 2, "the gap is in the middle");
        Expect.Equal(600L - kept.Count, dropped, "how many are missing is told");
    }

    private static JobMessage[] Lines(int count) => [.. Enumerable.Range(1, count).Select(i => Draft.Message($"line {i}"))];

    private async Task AppendAsync(ClaimedJob job, params JobMessage[] lines) =>
        Expect.That(await Storage.Contents.AppendMessagesAsync(job.Ticket, lines, Stop), "the job is claimed with that token");

    private async Task<string> TextsAsync(ClaimedJob job, MessageQuery query) =>
        string.Join(' ', (await Storage.Contents.ListMessagesAsync(job.Head.Sequence, query, Stop)).Messages.Select(m => m.Text));

    private async Task<(List<JobMessage> Lines, long Dropped)> ReadAllAsync(ClaimedJob job)
    {
        var lines = new List<JobMessage>();
        while (true)
        {
            var page = await Storage.Contents.ListMessagesAsync(
                job.Head.Sequence, new MessageQuery(lines.LastOrDefault()?.Sequence ?? 0, Limit: 3_000), Stop);
            if (page.Messages.Count == 0) return (lines, page.Dropped);
            lines.AddRange(page.Messages);
        }
    }
}

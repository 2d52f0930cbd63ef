using System.Security.Cryptography;
using System.Text;
using Errand.Retention;
using Errand.Storage;

namespace Errand.Uploads;

public sealed class UploadTests
{
    public static TheoryData<string, UploadFormat, string, string[]> Good() => new()
    {
        { "plain", UploadFormat.Csv, "id,name\n1,Ann\n2,Bob\n", ["""{"id":"1","name":"Ann"}""", """{"id":"2","name":"Bob"}"""] },
        { "CRLF, no last line end", UploadFormat.Csv, "id,name\r\n1,Ann", ["""{"id":"1","name":"Ann"}"""] },
        { "byte order mark", UploadFormat.Csv, "\uFEFFid\n1\n", ["""{"id":"1"}"""] },
        { "quotes, commas and line breaks in a field", UploadFormat.Csv, "a,b\n\"x, \"\"y\"\"\",\"one\r\ntwo\"\n", ["""{"a":"x, \u0022y\u0022","b":"one\r\ntwo"}"""] },
        { "empty fields", UploadFormat.Csv, "a,b\n,\n", ["""{"a":"","b":""}"""] },
        { "beyond ASCII", UploadFormat.Csv, "ä\nß\n", ["""{"\u00E4":"\u00DF"}"""] },
        { "header alone", UploadFormat.Csv, "a,b\n", [] },
        { "lines", UploadFormat.Ndjson, "{\"a\":1}\n\n 2 \r\n\"x\"", ["""{"a":1}""", "2", "\"x\""] },
        { "byte order mark before lines", UploadFormat.Ndjson, "\uFEFF1\n", ["1"] },
        { "array", UploadFormat.Json, "[ {\"a\":\n 1}, [2], \"x\" ]", ["""{"a":1}""", "[2]", "\"x\""] },
        { "empty array", UploadFormat.Json, "[]", [] },
        { "byte order mark before an array", UploadFormat.Json, "\uFEFF[1]", ["1"] },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public async Task A_file_becomes_items(string what, UploadFormat format, string content, string[] items)
    {
        await using var engine = await Engine.StartAsync();
        var bytes = Encoding.UTF8.GetBytes(content);
        var upload = await engine.Contents.UploadAsync(format, new MemoryStream(bytes));
        Assert.True(items.Length == upload.Items, what);
        Assert.Equal((bytes.Length, $"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:"), (upload.Size, upload.Digest));
        Assert.Equal(engine.Now.AddHours(24), upload.ExpiresAt);

        await engine.SubmitAsync(change: job => job with { ItemsFrom = upload.Id });
        Assert.Equal(items, await ItemsAsync(engine));
    }

    public static TheoryData<string, UploadFormat, byte[], string> Bad() => new()
    {
        { "too few fields", UploadFormat.Csv, "a,b\n1,2\n3\n"u8.ToArray(), "Line 3: " },
        { "too many fields", UploadFormat.Csv, "a,b\n1,\"2\n2\"\n3,4,5\n"u8.ToArray(), "Line 4: " },
        { "a column twice", UploadFormat.Csv, "a,b,a\n1,2,3\n"u8.ToArray(), "Line 1: Two columns are named 'a'" },
        { "a column without a name", UploadFormat.Csv, "a,,c\n1,2,3\n"u8.ToArray(), "Line 1: A column has no name" },
        { "no header", UploadFormat.Csv, ""u8.ToArray(), "Line 1: The file is empty" },
        { "a quote that never ends", UploadFormat.Csv, "a\n\"1\n2\n"u8.ToArray(), "Line 2: " },
        { "no UTF-8", UploadFormat.Csv, [.. "a\n1\n"u8, 0xC3, 0x28, (byte)'\n'], "Line 3: 'a' is not valid UTF-8" },
        { "bad line", UploadFormat.Ndjson, "{}\n{oops}\n"u8.ToArray(), "Line 2: It is not valid JSON" },
        { "two values on a line", UploadFormat.Ndjson, "1\n1 2\n"u8.ToArray(), "Line 2: It is not valid JSON" },
        { "bad UTF-8 in a line", UploadFormat.Ndjson, [.. "1\n\""u8, 0xFF, (byte)'"'], "Line 2: It is not valid UTF-8" },
        { "a line too deep", UploadFormat.Ndjson, Encoding.UTF8.GetBytes(new string('[', 40) + new string(']', 40)), "Line 1: It is nested deeper" },
        { "no array", UploadFormat.Json, "{\"a\":1}"u8.ToArray(), "must hold one JSON array" },
        { "broken array", UploadFormat.Json, "[1,\n2,\n}"u8.ToArray(), "Line 3: It is not valid JSON" },
        { "an array that never ends", UploadFormat.Json, "[1,\n2"u8.ToArray(), "Line 2: It is not valid JSON" },
        { "something after the array", UploadFormat.Json, "[1]\n[2]"u8.ToArray(), "Line 2: It is not valid JSON" },
        { "nothing", UploadFormat.Json, ""u8.ToArray(), "It is not valid JSON" },
        { "an item of more than a mebibyte", UploadFormat.Json, Encoding.UTF8.GetBytes($"[\"{new string('x', 3 << 20)}\"]"), "longer than 1 MiB" },
        { "a line of more than a mebibyte", UploadFormat.Ndjson, Encoding.UTF8.GetBytes($"\"{new string('x', 3 << 20)}\""), "longer than 1 MiB" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task What_is_wrong_with_a_file_is_said_with_its_line(string what, UploadFormat format, byte[] content, string said)
    {
        await using var engine = await Engine.StartAsync();
        var refused = await Assert.ThrowsAsync<JobProblemException>(
            async () => await engine.Contents.UploadAsync(format, new Trickle(content)));
        Assert.Equal((what, JobProblems.InvalidRequest), (what, refused.Problem.Name));
        Assert.Contains(said, refused.Problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_thousand_rows_come_through_whole()
    {
        await using var engine = await Engine.StartAsync();
        var csv = new StringBuilder("n,text\n");
        for (var i = 0; i < 100_000; i++) csv.Append(i).Append(",\"row, ").Append(i).Append("\"\n");
        var upload = await engine.Contents.UploadAsync(UploadFormat.Csv, new MemoryStream(Encoding.UTF8.GetBytes(csv.ToString())));
        Assert.Equal(100_000, upload.Items);
        await engine.SubmitAsync(change: job => job with { ItemsFrom = upload.Id });
        var items = await ItemsAsync(engine);
        Assert.Equal(100_000, items.Count);
        Assert.Equal("""{"n":"99999","text":"row, 99999"}""", items[^1]);
    }

    [Fact]
    public async Task An_upload_is_named_once_and_only_by_its_owner()
    {
        await using var engine = await Engine.StartAsync();
        var upload = await engine.Contents.UploadAsync(UploadFormat.Ndjson, new MemoryStream("1\n2\n"u8.ToArray()));
        var submission = new JobSubmission { Type = "work", ItemsFrom = upload.Id };
        var foreign = await Assert.ThrowsAsync<JobProblemException>(async () => await engine.ClientOf("bob").SubmitAsync(submission));
        Assert.Equal("#/itemsFrom", Assert.Single(foreign.Problem.Errors).Pointer);
        Assert.Equal(2, (await engine.Client.SubmitAsync(submission)).Job.Details.ItemCount);
        var used = await Assert.ThrowsAsync<JobProblemException>(async () => await engine.Client.SubmitAsync(submission));
        Assert.Equal("#/itemsFrom", Assert.Single(used.Problem.Errors).Pointer);
    }

    [Fact]
    public async Task An_unused_upload_is_gone_after_a_day()
    {
        await using var engine = await Engine.StartAsync();
        var upload = await engine.Contents.UploadAsync(UploadFormat.Ndjson, new MemoryStream("1\n"u8.ToArray()));
        engine.Time.Advance(TimeSpan.FromHours(24.1));
        await engine.Sweep<RetentionSweep>().SweepAsync(CancellationToken.None);
        Assert.Null(await engine.Storage.Uploads.FindAsync("default", upload.Id, CancellationToken.None));
        Assert.Null(await engine.Storage.Files.OpenAsync(upload.Location, CancellationToken.None));
    }

    [Fact]
    public async Task A_retry_has_the_items_of_the_first_job()
    {
        await using var engine = await Engine.StartAsync();
        var upload = await engine.Contents.UploadAsync(UploadFormat.Ndjson, new MemoryStream("1\n2\n"u8.ToArray()));
        var job = await engine.SubmitAsync(change: job => job with { ItemsFrom = upload.Id });
        await engine.Client.CancelAsync(job.Head.Id);
        var again = await engine.Client.RetryAsync(job.Head.Id);
        Assert.Equal(job.Head.Id.ToString(), again.Details.RetryOf);
        Assert.Equal(["1", "2"], await ItemsAsync(engine));
    }

    [Theory]
    [InlineData("[1,2,3]", "1|2|3")]
    [InlineData(" [ {\"a\": [1, 2]} , \"x,]\" ] ", "{\"a\": [1, 2]}|\"x,]\"")]
    [InlineData("[]", "")]
    public async Task Items_in_the_submit_are_read_one_by_one(string array, string items)
    {
        await using var engine = await Engine.StartAsync();
        await engine.SubmitAsync(change: job => job with { Items = Encoding.UTF8.GetBytes(array) });
        Assert.Equal(items, string.Join('|', await ItemsAsync(engine)));
    }

    private static async Task<List<string>> ItemsAsync(Engine engine)
    {
        var job = await (await engine.OpenWorkerAsync()).ClaimOneAsync();
        List<string> items = [];
        await foreach (var item in engine.Source.Reports.ReadItemsAsync(job.Ticket, CancellationToken.None))
        {
            Assert.Equal(items.Count, item.Index);
            items.Add(Encoding.UTF8.GetString(item.Json.Span));
        }

        return items;
    }

    /// <summary>Gives a few bytes at a time, as a network does.</summary>
    private sealed class Trickle(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, Length > 10_000 ? 50_000 : 3)], cancellationToken);
    }
}

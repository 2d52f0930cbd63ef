using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>The bytes of outputs and uploads: staged, published, opened, deleted, swept.</summary>
public abstract class FilesSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task A_published_file_reads_back_and_can_be_read_from_anywhere()
    {
        var location = await PublishAsync("0123456789");

        await using var stream = Expect.NotNull(await Storage.Files.OpenAsync(location, Stop), "it was published");
        Expect.That(stream.CanSeek && stream.Length == 10, "a range request needs to seek");
        stream.Seek(4, SeekOrigin.Begin);
        Expect.Equal("456789", await new StreamReader(stream).ReadToEndAsync(Stop), "the bytes are those that were written");
    }

    [Fact]
    public async Task A_file_that_was_not_published_is_gone()
    {
        var staged = await Storage.Files.StageAsync(Draft.Tenant, Draft.Noon, Stop);
        await staged.Content.WriteAsync(Draft.Utf8("half"), Stop);
        await staged.DisposeAsync();

        Expect.Equal(0, await Storage.Files.SweepAsync(Draft.After(1e6), Stop), "nothing is left to sweep");
    }

    [Fact]
    public async Task A_large_file_and_an_empty_one_are_files()
    {
        var large = await PublishAsync(new string('x', 3_000_000));
        var empty = await PublishAsync("");

        Expect.Equal(3_000_000L, await LengthAsync(large), "a file may be large");
        Expect.Equal(0L, await LengthAsync(empty), "a file may be empty");
        Expect.That(large != empty, "each file has a place of its own");
    }

    [Fact]
    public async Task A_deleted_file_is_gone_and_deleting_what_is_not_there_does_no_harm()
    {
        var (one, two) = (await PublishAsync("one"), await PublishAsync("two"));

        await Storage.Files.DeleteAsync([one, one, "acme/no-such-file"], Stop);

        Expect.Null(await Storage.Files.OpenAsync(one, Stop), "it was deleted");
        Expect.Null(await Storage.Files.OpenAsync("acme/no-such-file", Stop), "it never was");
        Expect.Equal(3L, await LengthAsync(two), "the other one is not touched");
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("acme/../../../../etc/passwd")]
    [InlineData("")]
    public async Task A_location_of_somebody_elses_making_opens_nothing(string location)
    {
        await PublishAsync("one");

        Expect.Null(await Storage.Files.OpenAsync(location, Stop), "only places that the store itself gave are opened");
        await Storage.Files.DeleteAsync([location], Stop);
    }

    [Fact]
    public async Task A_sweep_removes_what_no_row_names_and_is_old_enough()
    {
        var (output, upload, lost) = (await PublishAsync("output"), await PublishAsync("upload"), await PublishAsync("lost"));
        var young = await PublishAsync("young", Draft.After(10));
        var job = await ClaimNewAsync();
        await Storage.Contents.AddOutputAsync(job.Ticket, Draft.Output("totals", output), Stop);
        await Storage.Uploads.AddAsync(Draft.Upload("u", location: upload), Stop);

        Expect.Equal(0, await Storage.Files.SweepAsync(Draft.Noon, Stop), "what was staged at that instant was not staged before it");
        Expect.Equal(1, await Storage.Files.SweepAsync(Draft.After(10), Stop), "one is old and has no row");

        Expect.Null(await Storage.Files.OpenAsync(lost, Stop), "its writer died before the row was written");
        Expect.Same(
            [6L, 6L, 5L], [await LengthAsync(output), await LengthAsync(upload), await LengthAsync(young)],
            "what a row names stays, and what may still get one");
    }

    [Fact]
    public async Task A_used_upload_is_named_by_its_job()
    {
        var location = await PublishAsync("rows");
        await Storage.Uploads.AddAsync(Draft.Upload("u", location: location, expiresAt: Draft.After(10)), Stop);
        await SubmitAsync(Draft.Job(input: new JobInput(default, UploadId: "u")));
        await Storage.Retention.ForgetAsync(Draft.After(100), Draft.Noon, 100, Stop);

        Expect.Equal(0, await Storage.Files.SweepAsync(Draft.After(100), Stop), "the job has yet to read it");
        Expect.Equal(4L, await LengthAsync(location), "it is there");
    }

    private async Task<string> PublishAsync(string text, DateTimeOffset? at = null)
    {
        await using var staged = await Storage.Files.StageAsync(Draft.Tenant, at ?? Draft.Noon, Stop);
        await staged.Content.WriteAsync(Draft.Utf8(text), Stop);
        return await staged.PublishAsync(Stop);
    }

    private async Task<long> LengthAsync(string location)
    {
        await using var stream = Expect.NotNull(await Storage.Files.OpenAsync(location, Stop), "it was published");
        return stream.Length;
    }
}

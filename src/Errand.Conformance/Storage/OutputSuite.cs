using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Published outputs: the rows that name files.</summary>
public abstract class OutputSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task Outputs_are_listed_in_the_order_of_publishing_with_all_their_formats()
    {
        var job = await ClaimNewAsync();
        var totals = new JobOutput(
            "totals.v1", "Summen 'ä'.csv",
            [
                new("csv", "text/csv; charset=utf-8", 120, "sha-256=:AAAA:", "acme/1"),
                new("json", "application/json", 5_000_000_000, "sha-256=:BBBB:", "acme/2"),
            ],
            Draft.After(1), Attempt: 1);

        await AddAsync(job, totals);
        await AddAsync(job, Draft.Output("a-second", "acme/3"));

        var outputs = await Storage.Contents.ListOutputsAsync(job.Head.Sequence, Stop);
        Expect.Same(["totals.v1", "a-second"], outputs.Select(o => o.Id), "in the order of publishing");
        Expect.Same(totals.Formats, outputs[0].Formats, "formats are kept, the first is the default");
        Expect.Equal(totals with { Formats = outputs[0].Formats }, outputs[0], "an output is kept as it was published");
    }

    [Fact]
    public async Task An_output_with_the_same_id_replaces_the_former_and_names_its_files()
    {
        var job = await ClaimNewAsync();
        Expect.Same([], await AddAsync(job, Draft.Output("totals", "acme/1", "acme/2")), "nothing stood there");

        var replaced = await AddAsync(job, Draft.Output("totals", "acme/2", "acme/3"));

        Expect.Same(["acme/1"], replaced, "what nothing names any more may be deleted, and what is named again may not");
        var output = (await Storage.Contents.ListOutputsAsync(job.Head.Sequence, Stop)).Single();
        Expect.Same(["acme/2", "acme/3"], output.Formats.Select(f => f.Location), "the latest stands");
    }

    [Fact]
    public async Task Bytes_are_counted_by_tenant_as_outputs_come_are_replaced_and_go()
    {
        var job = await ClaimNewAsync();
        await AddAsync(job, Draft.Output("a", "acme/1", "acme/2"));
        await AddAsync(job, Draft.Output("b", "acme/3"));
        Expect.Equal(300L, await BytesAsync(), "each file has 100 bytes");

        await AddAsync(job, Draft.Output("a", "acme/4"));
        Expect.Equal(200L, await BytesAsync(), "two files were replaced by one");
        Expect.Equal(0L, await Storage.Contents.OutputBytesAsync("globex", Stop), "another tenant has none");

        await ApplyAsync(Draft.Finish(job.Head));
        await Storage.Retention.PurgeAsync(job.Head.Key, tombstone: true, Draft.Noon, Stop);
        Expect.Equal(0L, await BytesAsync(), "a purge gives them back");
    }

    [Fact]
    public async Task Jobs_have_outputs_of_their_own()
    {
        var (one, two) = (await ClaimNewAsync(), await ClaimNewAsync());
        await AddAsync(one, Draft.Output("totals", "acme/1"));

        Expect.Same([], await AddAsync(two, Draft.Output("totals", "acme/2")), "the same id in another job is another output");
        Expect.Equal(0, (await Storage.Contents.ListOutputsAsync(1_000_000, Stop)).Count, "an unknown job has none");
    }

    private async Task<IReadOnlyList<string>> AddAsync(ClaimedJob job, JobOutput output) =>
        Expect.NotNull(await Storage.Contents.AddOutputAsync(job.Ticket, output, Stop), "the job is claimed with that token");

    private async Task<long> BytesAsync() => await Storage.Contents.OutputBytesAsync(Draft.Tenant, Stop);
}

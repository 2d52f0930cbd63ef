using System.Security.Cryptography;
using System.Text;
using Errand.Storage;
using Errand.Storage.Memory;
using Errand.Work;

namespace Errand.Outputs;

public sealed class OutputTests
{
    public static OutputDraft Draft(string id, params string[] texts) => new(
        id, "report.csv",
        [.. texts.Select((text, i) => new OutputFormatDraft(i == 0 ? "csv" : "json", "text/plain", async (stream, token) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), token)))]);

    [Fact]
    public async Task An_output_is_read_in_each_of_its_formats()
    {
        await using var engine = await Engine.StartAsync();
        var job = await RunningAsync(engine);
        var output = await engine.Source.Reports.PublishAsync(job.Ticket, Draft("report", "a,b", "{}"), default);
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData("a,b"u8))}:", output.Formats[0].Digest);
        Assert.Equal((3L, 1), (output.Formats[0].Size, output.Attempt));

        await using var first = await engine.Contents.OpenOutputAsync(job.Head.Id, "report", null);
        Assert.Equal(("report.csv", "a,b"), (first!.FileName, await new StreamReader(first.Content).ReadToEndAsync()));
        await using var second = await engine.Contents.OpenOutputAsync(job.Head.Id, "report", "json");
        Assert.Equal(("report.json", "{}"), (second!.FileName, await new StreamReader(second.Content).ReadToEndAsync()));
        Assert.Null(await engine.Contents.OpenOutputAsync(job.Head.Id, "report", "xml"));
        Assert.Null(await engine.Contents.OpenOutputAsync(job.Head.Id, "other", null));
        var hidden = await Assert.ThrowsAsync<JobProblemException>(
            async () => await engine.Get<IJobClients>().ContentsFor(Engine.Caller("bob")).OpenOutputAsync(job.Head.Id, "report", null));
        Assert.Equal(JobProblems.NotFound, hidden.Problem.Name);
    }

    [Fact]
    public async Task A_refused_output_leaves_no_file()
    {
        await using var engine = await Engine.StartAsync();
        var job = await RunningAsync(engine);
        List<StorageVerb> verbs = [];
        engine.Faults.Before = (verb, _) =>
        {
            verbs.Add(verb);
            return verb == StorageVerb.AddOutput ? throw new StorageException(StorageFault.Unavailable, "Away.") : ValueTask.CompletedTask;
        };
        await Assert.ThrowsAsync<StorageException>(
            async () => await engine.Source.Reports.PublishAsync(job.Ticket, Draft("report", "a"), default));
        Assert.Equal([StorageVerb.StageFile, StorageVerb.PublishFile, StorageVerb.AddOutput, StorageVerb.DeleteFiles], verbs);
    }

    [Fact]
    public async Task A_tenant_over_its_quota_publishes_nothing()
    {
        await using var engine = await Engine.StartAsync(options: options => options.OutputQuotaPerTenant = 10);
        var job = await RunningAsync(engine);
        await engine.Source.Reports.PublishAsync(job.Ticket, Draft("one", "0123456789"), default);
        var refused = await Assert.ThrowsAsync<JobProblemException>(
            async () => await engine.Source.Reports.PublishAsync(job.Ticket, Draft("two", "x"), default));
        Assert.Equal(JobProblems.QuotaExceeded, refused.Problem.Name);
    }

    [Theory]
    [InlineData("../up", "a.csv")]
    [InlineData("ok", "../a.csv")]
    [InlineData("ok", "")]
    public async Task Names_that_lead_elsewhere_are_refused(string id, string fileName)
    {
        await using var engine = await Engine.StartAsync();
        var job = await RunningAsync(engine);
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await engine.Source.Reports.PublishAsync(job.Ticket, Draft(id, "x") with { FileName = fileName }, default));
    }

    private static async Task<ClaimedJob> RunningAsync(Engine engine)
    {
        await engine.SubmitAsync();
        return await (await engine.OpenWorkerAsync()).ClaimOneAsync();
    }
}

using System.Security.Cryptography;
using System.Text;

namespace Errand.Submits;

public sealed class IdempotencyTests
{
    public static IdempotencyKey Key(string key, string body = "", string route = "POST /v1/jobs") =>
        new(key, route, SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    private static readonly JobSubmission Work = new() { Type = "work" };

    [Fact]
    public async Task The_same_request_gives_the_same_job_as_it_now_is()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        var first = await engine.Client.SubmitAsync(Work, Key("k"));
        await worker.SucceedAsync(await worker.ClaimOneAsync());
        var second = await engine.Client.SubmitAsync(Work, Key("k"));
        Assert.Equal((SubmitReceiptKind.Created, SubmitReceiptKind.Replayed), (first.Kind, second.Kind));
        Assert.Equal(first.Job.Head.Id, second.Job.Head.Id);
        Assert.Equal(JobState.Succeeded, second.Job.Head.State);
    }

    [Fact]
    public async Task The_same_key_means_something_else_for_another_body_caller_or_route()
    {
        await using var engine = await Engine.StartAsync();
        var first = await engine.Client.SubmitAsync(Work, Key("k", "one"));
        var refused = await Assert.ThrowsAsync<JobProblemException>(async () => await engine.Client.SubmitAsync(Work, Key("k", "two")));
        Assert.Equal(JobProblems.IdempotencyKeyReused, refused.Problem.Name);
        Assert.NotEqual(first.Job.Head.Id, (await engine.ClientOf("bob").SubmitAsync(Work, Key("k", "one"))).Job.Head.Id);
        Assert.NotEqual(first.Job.Head.Id, (await engine.ClientOf("alice", "other").SubmitAsync(Work, Key("k", "one"))).Job.Head.Id);
        Assert.NotEqual(first.Job.Head.Id, (await engine.Client.SubmitAsync(Work, Key("k", "one", "POST /elsewhere"))).Job.Head.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("ümlaut")]
    public async Task A_key_is_visible_ascii(string key)
    {
        await using var engine = await Engine.StartAsync();
        var refused = await Assert.ThrowsAsync<JobProblemException>(async () => await engine.Client.SubmitAsync(Work, Key(key)));
        Assert.Equal(JobProblems.IdempotencyKeyInvalid, refused.Problem.Name);
    }

    [Fact]
    public async Task Jobs_of_one_key_lie_on_one_shard()
    {
        await using var engine = await Engine.StartAsync();
        var job = (await engine.Client.SubmitAsync(Work, Key("k"))).Job;
        Assert.Equal(SubmitScope.Shard("default", Key("k"), null), job.Head.Id.Shard);
        var unique = (await engine.Client.SubmitAsync(Work with { UniqueKey = "u" })).Job;
        Assert.Equal(SubmitScope.Shard("default", null, "u"), unique.Head.Id.Shard);
    }

    [Fact]
    public async Task A_batch_is_replayed_as_a_whole()
    {
        await using var engine = await Engine.StartAsync();
        var first = await engine.Client.SubmitManyAsync([Work, Work], atomic: true, Key("k"));
        var second = await engine.Client.SubmitManyAsync([Work, Work], atomic: true, Key("k"));
        Assert.Equal(first.Select(reply => reply.Receipt!.Job.Head.Id), second.Select(reply => reply.Receipt!.Job.Head.Id));
        Assert.All(second, reply => Assert.Equal(SubmitReceiptKind.Replayed, reply.Receipt!.Kind));
        Assert.Single(first.Select(reply => reply.Receipt!.Job.Head.Id.Shard).Distinct());
    }
}

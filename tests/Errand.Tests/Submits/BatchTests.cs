namespace Errand.Submits;

public sealed class BatchTests
{
    private static readonly JobSubmission Good = new() { Type = "work" };
    private static readonly JobSubmission Bad = new() { Type = "work", Priority = 12, MaxAttempts = 0 };

    [Fact]
    public async Task A_loose_batch_stores_what_is_good_and_answers_each()
    {
        await using var engine = await Engine.StartAsync();
        var replies = await engine.Client.SubmitManyAsync([Good, Bad, Good with { Type = "nobody.knows" }, Good], atomic: false);
        Assert.Equal([true, false, false, true], replies.Select(reply => reply.Receipt is not null));
        Assert.Equal(["#/items/1/priority", "#/items/1/maxAttempts"], replies[1].Problem!.Errors.Select(error => error.Pointer));
        Assert.Equal(JobProblems.UnknownJobType, replies[2].Problem!.Name);
        Assert.Equal(2, (await engine.Client.ListAsync(JobFilter.All)).Jobs.Count);
    }

    [Fact]
    public async Task An_atomic_batch_stores_nothing_when_any_is_wrong()
    {
        await using var engine = await Engine.StartAsync();
        var refused = await Assert.ThrowsAsync<JobProblemException>(
            async () => await engine.Client.SubmitManyAsync([Good, Bad, Bad], atomic: true));
        Assert.Equal(
            ["#/items/1/priority", "#/items/1/maxAttempts", "#/items/2/priority", "#/items/2/maxAttempts"],
            refused.Problem.Errors.Select(error => error.Pointer));
        Assert.Empty((await engine.Client.ListAsync(JobFilter.All)).Jobs);
    }

    [Fact]
    public async Task An_atomic_batch_stores_nothing_when_a_key_is_taken()
    {
        await using var engine = await Engine.StartAsync();
        await engine.SubmitAsync(change: job => job with { UniqueKey = "u" });
        var refused = await Assert.ThrowsAsync<JobProblemException>(
            async () => await engine.Client.SubmitManyAsync([Good, Good with { UniqueKey = "u", OnConflict = UniqueConflict.Reject }], atomic: true));
        Assert.Equal(JobProblems.UniqueKeyConflict, refused.Problem.Name);
        Assert.Equal("#/items/1/uniqueKey", Assert.Single(refused.Problem.Errors).Pointer);
        Assert.Single((await engine.Client.ListAsync(JobFilter.All)).Jobs);
    }

    [Fact]
    public async Task An_id_twice_in_a_batch_is_wrong()
    {
        await using var engine = await Engine.StartAsync();
        var id = JobId.New(engine.Now);
        var replies = await engine.Client.SubmitManyAsync([Good with { Id = id }, Good with { Id = id }], atomic: false);
        Assert.NotNull(replies[0].Receipt);
        Assert.Equal("#/items/1/id", Assert.Single(replies[1].Problem!.Errors).Pointer);
    }

    [Fact]
    public async Task An_atomic_batch_with_ids_may_be_sent_twice()
    {
        await using var engine = await Engine.StartAsync();
        JobSubmission[] batch = [Good with { Id = JobId.New(engine.Now) }, Good with { Id = JobId.New(engine.Now) }];
        await engine.Client.SubmitManyAsync(batch, atomic: true);
        var again = await engine.Client.SubmitManyAsync(batch, atomic: true);
        Assert.All(again, reply => Assert.Equal(SubmitReceiptKind.Replayed, reply.Receipt!.Kind));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_001)]
    public async Task A_batch_has_one_to_a_thousand_jobs(int count)
    {
        await using var engine = await Engine.StartAsync();
        var refused = await Assert.ThrowsAsync<JobProblemException>(
            async () => await engine.Client.SubmitManyAsync([.. Enumerable.Repeat(Good, count)], atomic: false));
        Assert.Equal("#/items", Assert.Single(refused.Problem.Errors).Pointer);
    }
}

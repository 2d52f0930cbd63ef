namespace Errand.Submits;

/// <summary>Ids that the client makes, and unique keys.</summary>
public sealed class IdentityTests
{
    private static readonly JobId Id = new(Guid.Parse("11111111111141118111111111111111"));

    private static readonly JobSubmission Work = new() { Type = "work", Id = Id, Input = "{\"a\": [1, 2]}"u8.ToArray() };

    [Fact]
    public async Task The_same_id_with_the_same_content_is_a_replay()
    {
        await using var engine = await Engine.StartAsync();
        await engine.Client.SubmitAsync(Work);
        var again = await engine.Client.SubmitAsync(Work with { Input = "{ \"a\":[1,2] }"u8.ToArray() });
        Assert.Equal((SubmitReceiptKind.Replayed, Id), (again.Kind, again.Job.Head.Id));
    }

    public static TheoryData<string, Func<JobSubmission, JobSubmission>> Differences() => new()
    {
        { "input", job => job with { Input = "{\"a\":[1,3]}"u8.ToArray() } },
        { "priority", job => job with { Priority = 6 } },
        { "queue", job => job with { Queue = "bulk" } },
        { "labels", job => job with { Labels = new Dictionary<string, string> { ["a"] = "b" } } },
        { "items", job => job with { Items = "[1]"u8.ToArray() } },
        { "delay", job => job with { Delay = TimeSpan.FromSeconds(1) } },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public async Task The_same_id_with_other_content_is_refused(string member, Func<JobSubmission, JobSubmission> difference)
    {
        await using var engine = await Engine.StartAsync();
        await engine.Client.SubmitAsync(Work);
        var refused = await Assert.ThrowsAsync<JobProblemException>(async () => await engine.Client.SubmitAsync(difference(Work)));
        Assert.True(refused.Problem.Name == JobProblems.JobExists, $"another {member} is another job");
        Assert.Equal(Id, refused.Problem.Job!.Head.Id);
    }

    [Fact]
    public async Task An_id_in_somebody_elses_hand_is_refused_without_showing_the_job()
    {
        await using var engine = await Engine.StartAsync();
        await engine.Client.SubmitAsync(Work);
        var refused = await Assert.ThrowsAsync<JobProblemException>(async () => await engine.ClientOf("bob").SubmitAsync(Work));
        Assert.Equal((JobProblems.JobExists, null), (refused.Problem.Name, refused.Problem.Job));
        Assert.Equal(SubmitReceiptKind.Created, (await engine.ClientOf("alice", "other").SubmitAsync(Work)).Kind);
    }

    [Fact]
    public async Task A_purged_id_is_gone_for_its_owner()
    {
        await using var engine = await Engine.StartAsync();
        await engine.Client.SubmitAsync(Work);
        await engine.Client.CancelAsync(Id);
        await engine.Client.PurgeAsync(Id);
        var refused = await Assert.ThrowsAsync<JobProblemException>(async () => await engine.Client.SubmitAsync(Work));
        Assert.Equal((JobProblems.JobPurged, engine.Now), (refused.Problem.Name, refused.Problem.PurgedAt));
        Assert.Equal(engine.Now, (await engine.Client.FindAsync(Id)).Tombstone!.PurgedAt);
        Assert.Null((await engine.ClientOf("bob").FindAsync(Id)).Tombstone);
    }

    [Fact]
    public async Task A_taken_unique_key_gives_the_live_job_or_a_refusal_as_the_caller_wants()
    {
        await using var engine = await Engine.StartAsync();
        var first = await engine.SubmitAsync(change: job => job with { UniqueKey = "daily" });
        var reused = await engine.Client.SubmitAsync(new JobSubmission { Type = "work", UniqueKey = "daily" });
        Assert.Equal((SubmitReceiptKind.Reused, first.Head.Id), (reused.Kind, reused.Job.Head.Id));
        var strict = new JobSubmission { Type = "work", UniqueKey = "daily", OnConflict = UniqueConflict.Reject };
        var refused = await Assert.ThrowsAsync<JobProblemException>(async () => await engine.Client.SubmitAsync(strict));
        Assert.Equal((JobProblems.UniqueKeyConflict, first.Head.Id), (refused.Problem.Name, refused.Problem.Job!.Head.Id));

        await engine.Client.CancelAsync(first.Head.Id);
        Assert.Equal(SubmitReceiptKind.Created, (await engine.Client.SubmitAsync(strict)).Kind);
    }

    [Fact]
    public async Task A_unique_key_in_somebody_elses_hand_is_refused_without_showing_the_job()
    {
        await using var engine = await Engine.StartAsync();
        await engine.SubmitAsync(change: job => job with { UniqueKey = "daily" });
        var refused = await Assert.ThrowsAsync<JobProblemException>(
            async () => await engine.ClientOf("bob").SubmitAsync(new JobSubmission { Type = "work", UniqueKey = "daily" }));
        Assert.Equal((JobProblems.UniqueKeyConflict, null), (refused.Problem.Name, refused.Problem.Job));
    }
}

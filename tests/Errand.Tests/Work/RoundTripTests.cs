namespace Errand.Work;

public sealed class RoundTripTests
{
    [Fact]
    public async Task A_job_goes_from_submit_to_result()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();

        var job = await engine.SubmitAsync(change: job => job with { Input = "{\"a\":1}"u8.ToArray() });
        Assert.Equal(JobStatus.Queued, job.Head.StatusAt(engine.Now));

        var claimed = await worker.ClaimOneAsync();
        Assert.Equal("{\"a\":1}", System.Text.Encoding.UTF8.GetString(claimed.Input.Json.Span));
        Assert.Equal(1, claimed.Head.Attempt);
        Assert.True(await worker.SucceedAsync(claimed, "{\"b\":2}"));

        var done = (await engine.Client.WaitAsync(job.Head.Id, TimeSpan.FromSeconds(1), parts: JobParts.Result)).Job!;
        Assert.Equal(JobState.Succeeded, done.Head.State);
        Assert.Equal("{\"b\":2}", System.Text.Encoding.UTF8.GetString(done.Result!.Body.Span));
        Assert.Equal(engine.Now + TimeSpan.FromDays(7), done.Head.ExpiresAt);
    }

    [Fact]
    public async Task An_outcome_is_taken_once()
    {
        await using var engine = await Engine.StartAsync();
        var worker = await engine.OpenWorkerAsync();
        await engine.SubmitAsync();
        var claimed = await worker.ClaimOneAsync();

        Assert.True(await worker.SucceedAsync(claimed));
        Assert.False(await worker.FailAsync(claimed));
    }
}

namespace Errand.Dialects.Tests.Workiva;

/// <summary>What breaks or is refused around the wires.</summary>
public sealed class TroubleTests
{
    [Theory]
    [InlineData("workiva-queue-jobs", "/spreadsheets/v1/queue-jobs/7d1f3c2a5b6e4f708192a3b4c5d6e7f8")]
    [InlineData("workiva-operations", "/platform/v1/operations/7d1f3c2a5b6e4f708192a3b4c5d6e7f8")]
    public async Task Is_told_in_the_vendors_words(string wire, string path)
    {
        await using var server = await WorkivaServer.StartAsync();
        var client = await server.ReaderAsync();

        foreach (var status in new[] { 403, 429, 500, 503 })
        {
            var answer = await client.SayAsync("GET", path, null, ("X-Trouble", $"{status}"));
            Assert.Equal(status, answer.Status);
            Assert.Equal(status is 429 or 503, answer.Response.Headers.Contains("Retry-After"));
        }

        server.Transcript.Verify(wire, "trouble");
    }

    [Theory]
    [InlineData("workiva-queue-jobs", "/spreadsheets/v1/queue-jobs/7d1f3c2a5b6e4f708192a3b4c5d6e7f8")]
    [InlineData("workiva-operations", "/platform/v1/operations/7d1f3c2a5b6e4f708192a3b4c5d6e7f8")]
    public async Task Who_asks_more_often_than_the_limit_is_told_when_to_come_back(string wire, string path)
    {
        await using var server = await WorkivaServer.StartAsync(options => options.RateLimit = 1);
        var (ada, bob) = (await server.ReaderAsync(), await server.ReaderAsync("bob"));

        Assert.Equal(404, (await ada.SayAsync("GET", path)).Status);
        server.Transcript.Clear();
        var refused = await ada.SayAsync("GET", path);
        server.Transcript.Verify(wire, "rate-limited");

        Assert.Equal((429, TimeSpan.FromSeconds(1)), (refused.Status, refused.Response.Headers.RetryAfter!.Delta));
        Assert.Equal(404, (await bob.SayAsync("GET", path)).Status);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(404, (await ada.SayAsync("GET", path)).Status);
    }
}

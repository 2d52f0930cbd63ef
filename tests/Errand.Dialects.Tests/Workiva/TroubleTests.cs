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

        foreach (var status in new[] { 429, 500, 503 })
        {
            var answer = await client.SayAsync("GET", path, null, ("X-Trouble", $"{status}"));
            Assert.Equal(status, answer.Status);
            Assert.Equal(status != 500, answer.Response.Headers.Contains("Retry-After"));
        }

        server.Transcript.Verify(wire, "trouble");
    }
}

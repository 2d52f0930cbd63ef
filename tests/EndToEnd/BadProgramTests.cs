using System.Text.Json;

namespace Errand.EndToEnd.Tests;

/// <summary>Programs that break, hang, do not listen and talk too much: each job ends with an answer that says why, and the server goes on.</summary>
public sealed class BadProgramTests(Server server) : IClassFixture<Server>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_program_that_breaks_fails_the_job_with_its_exit_code()
    {
        var job = await server.WaitForEndAsync(await server.SubmitAsync(new { type = "bad.exit" }), Patience);
        Assert.Equal("failed", job.GetProperty("status").GetString());
        Assert.Contains("3", job.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        var messages = await server.GetAsync($"/v1/jobs/{job.GetProperty("id")}/messages");
        Assert.Contains(
            messages.GetProperty("items").EnumerateArray(),
            line => line.GetProperty("text").GetString() == "about to break" && line.GetProperty("severity").GetString() == "warning");
    }

    [Fact]
    public async Task A_program_that_hangs_is_ended_by_its_timeout()
    {
        var job = await server.WaitForEndAsync(await server.SubmitAsync(new { type = "bad.hang" }), Patience);
        Assert.Equal("failed", job.GetProperty("status").GetString());
        var attempts = (await server.GetAsync($"/v1/jobs/{job.GetProperty("id")}?include=attempts")).GetProperty("attempts");
        Assert.Equal("attempt_timeout", attempts[0].GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_program_that_ignores_its_cancel_is_killed()
    {
        var id = await server.SubmitAsync(new { type = "bad.deaf" });
        await Wait.UntilAsync(async () => Status(await server.GetAsync($"/v1/jobs/{id}")) == "running", Patience, () => "it does not start");
        using var answer = await server.Client.PostAsync(new Uri($"/v1/jobs/{id}/cancel", UriKind.Relative), null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal("canceled", Status(await server.WaitForEndAsync(id, Patience)));
    }

    [Fact]
    public async Task A_result_over_20_MiB_fails_the_job()
    {
        var job = await server.WaitForEndAsync(await server.SubmitAsync(new { type = "bad.huge" }), Patience);
        Assert.Equal("failed", Status(job));
        Assert.Equal("result_too_large", job.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_million_lines_leave_the_first_and_the_last()
    {
        var id = await server.SubmitAsync(new { type = "bad.chatty" });
        Assert.Equal("succeeded", Status(await server.WaitForEndAsync(id, Patience)));
        var first = await server.GetAsync($"/v1/jobs/{id}/messages?pageSize=3");
        Assert.Equal("1", first.GetProperty("items")[0].GetProperty("text").GetString());
        var last = await server.GetAsync($"/v1/jobs/{id}/messages?after=999990");
        Assert.Contains(last.GetProperty("items").EnumerateArray(), line => line.GetProperty("text").GetString() == "1000000");
        Assert.True(first.GetProperty("dropped").GetInt64() >= 980_000, $"of a million lines at most 10,000 are kept, but {first.GetProperty("dropped")} were dropped");
    }

    private static string? Status(JsonElement job) => job.GetProperty("status").GetString();
}

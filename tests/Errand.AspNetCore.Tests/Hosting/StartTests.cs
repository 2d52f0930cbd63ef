using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Errand.AspNetCore.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task A_host_that_a_test_started_stands_by_says_so_and_starts_when_told()
    {
        await using var idle = await StartAsync([]);
        var answer = await idle.GetTestClient().FetchAsync("/v1/jobs").ProblemAsync(503, "store_unavailable");
        Assert.Contains("builder.UseSetting(\"Errand:Start\", \"true\")", answer.Text("detail"), StringComparison.Ordinal);
        await idle.GetTestClient().PostAsync("/double?number=4", "{}").ProblemAsync(503, "store_unavailable");
        Assert.False(idle.Services.GetRequiredService<IErrandHealth>().Started);

        await using var busy = await StartAsync(new() { ["Errand:Start"] = "true", ["Errand:Worker:MessagesFrom"] = "Information" });
        var job = await busy.GetTestClient().PostAsync("/double?number=4", "{}", ("Prefer", "wait=20")).JsonAsync(HttpStatusCode.OK);
        Assert.Equal(8, (int)job["result"]!);
        var messages = await busy.GetTestClient().FetchAsync($"/v1/jobs/{job.Text("id")}/messages").JsonAsync(HttpStatusCode.OK);
        Assert.Equal("info: doubling 4", string.Join('|', messages["items"]!.AsArray().Select(m => $"{m!.Text("severity")}: {m!.Text("text")}")));
    }

    [Fact]
    public async Task Every_mistake_in_the_configuration_is_told_at_once_by_its_key()
    {
        var wrong = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(new()
        {
            ["Errand:SessionTerm"] = "soon",
            ["Errand:BeatEveri"] = "00:00:01",
            ["Errand:OutstandingSubmits"] = "0",
            ["Errand:Worker:Slots"] = "many",
            ["Errand:Elsewhere:Key"] = "belongs to somebody else",
        }));
        var text = wrong is AggregateException all ? string.Join('\n', all.InnerExceptions.Select(e => e.Message)) : wrong.Message;
        Assert.Contains("Errand:SessionTerm is 'soon', which cannot be read. Write it as \"SessionTerm\": \"00:00:05\".", text, StringComparison.Ordinal);
        Assert.Contains("Errand:BeatEveri is no setting.", text, StringComparison.Ordinal);
        Assert.Contains("OutstandingSubmits is 0", text, StringComparison.Ordinal);
        Assert.Contains("Errand:Worker:Slots is 'many'", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Elsewhere", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_is_read_and_code_wins_over_it()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Errand:BeatEvery"] = "00:00:00.5", ["Errand:SessionTerm"] = "00:00:07" });
        builder.Services.AddErrand(options => options.SessionTerm = TimeSpan.FromSeconds(9)).UseMemory();
        await using var app = builder.Build();
        var options = app.Services.GetRequiredService<ErrandOptions>();
        Assert.Equal((TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(9)), (options.BeatEvery, options.SessionTerm));
    }

    private static async Task<WebApplication> StartAsync(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting();
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddErrand().UseMemory().AddWorker().AddErrandApi(options => options.Anonymous = ErrandPrincipal.Everyone);
        var app = builder.Build();
        app.MapErrand();
        app.MapPost("/double", (int number, ILoggerFactory loggers) =>
        {
            var logger = loggers.CreateLogger("Shop");
            logger.LogDebug("too fine");
            logger.LogInformation("doubling {Number}", number);
            return 2 * number;
        }).RunsAsJob("t.double");
        await app.StartAsync();
        return app;
    }
}

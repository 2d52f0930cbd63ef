using Errand.Torture.Load;
using Errand.Torture.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Errand.Torture.Tests;

/// <summary>A server that lies must be caught at it.</summary>
public sealed class AuditTests
{
    private const string Job = "0190c1f2a5b47d3e8c1d2f3a4b5c6d7e";

    [Fact]
    public async Task An_honest_server_passes() => Assert.Empty((await AuditAsync(Answer("canceled", version: 3, run: null), reads: 3)).Wrong);

    [Fact]
    public async Task A_job_that_is_gone_is_lost()
    {
        var audit = await AuditAsync(_ => (404, "{}"));
        Assert.Equal((1, 1), (audit.Lost, audit.NotLinearizable));
    }

    [Fact]
    public async Task A_job_that_never_ends_is_lost() => Assert.Equal(1, (await AuditAsync(Answer("running", version: 2, run: null))).Lost);

    [Fact]
    public async Task A_job_that_fails_although_no_run_did_is_lost() => Assert.Equal(1, (await AuditAsync(Answer("failed", version: 2, run: null))).Lost);

    [Fact]
    public async Task A_second_end_is_settled_twice()
    {
        var audit = await AuditAsync(read => read == 1 ? (200, Document("succeeded", 3, 1)) : (200, Document("canceled", 4, null)), reads: 2);
        Assert.Equal((1, 1), (audit.SettledTwice, audit.NotLinearizable));
    }

    [Fact]
    public async Task A_result_that_changes_is_settled_twice() =>
        Assert.Equal(1, (await AuditAsync(read => (200, Document("succeeded", 3, run: read)), reads: 2)).SettledTwice);

    [Fact]
    public async Task A_result_that_no_run_gave_is_foreign() => Assert.Equal(1, (await AuditAsync(Answer("succeeded", version: 3, run: 99))).ResultsForeign);

    private static Func<int, (int Status, string Body)> Answer(string status, int version, int? run) => _ => (200, Document(status, version, run));

    private static string Document(string status, int version, int? run)
    {
        var result = run is null ? "" : ",\"result\":{\"run\":" + run + "}";
        return $$"""{"id":"{{Job}}","status":"{{status}}","done":{{(status == "running" ? "false" : "true")}},"version":{{version}},"finishedAt":"2030-01-01T00:00:00Z"{{result}} }""";
    }

    /// <summary>Submits one job to a server that acknowledges it and then answers reads so, reads it, and audits.</summary>
    private static async Task<Audit> AuditAsync(Func<int, (int Status, string Body)> answer, int reads = 0)
    {
        var read = 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(async context =>
        {
            var (status, body) = context.Request.Method == "PUT" ? (201, Document("running", 1, null)) : answer(Interlocked.Increment(ref read));
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
        });
        await app.StartAsync();
        await using var target = await Target.StartAsync();
        using var door = new Door(new Uri(app.Urls.First()), "token", TimeSpan.FromSeconds(30), _ => { });
        var entry = new Entry(JobKinds.Http, "{}", Job, key: null);
        await door.SubmitAsync(entry);
        for (var i = 1; i < reads; i++) await door.ReadAsync(entry);
        var audit = new Audit([door], target);
        await audit.RunAsync([entry]);
        return audit;
    }
}

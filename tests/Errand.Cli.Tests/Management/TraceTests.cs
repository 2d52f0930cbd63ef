using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using Errand.AspNetCore;
using Errand.Server;
using Errand.Server.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Errand.Cli.Tests;

/// <summary>A trace is followed from the submit through the attempt to the service that the attempt calls.</summary>
public sealed class TraceTests : IDisposable
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Caller = "b7ad6b7169203331";

    private readonly Scratch _scratch = new();
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Errand" or "Errand.Worker",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task From_the_submit_to_the_attempt_to_what_it_calls()
    {
        var called = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await ServiceAsync(called);
        var config = ServerConfig.Load(
            _scratch.File("errand.json", $$"""{ "types": { "trace.call": { "handler": "http", "url": "{{service.Urls.Single()}}/run" } } }"""), []);
        await using var app = ErrandServer.Create(new ErrandServerOptions
        {
            DataFolder = _scratch.Folder("data"),
            Urls = ["http://127.0.0.1:0"],
            LogLevel = LogLevel.None,
            Config = config,
        });
        await app.StartAsync();
        var job = await SubmitAsync(app);
        var parent = await called.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Wait.UntilAsync(() => Task.FromResult(Of(job, "process") is not null));

        var send = Of(job, "send")!;
        Assert.Equal((TraceId, Caller, ActivityKind.Producer), (send.TraceId.ToHexString(), send.ParentSpanId.ToHexString(), send.Kind));
        Assert.Equal("send default", send.DisplayName);

        var process = Of(job, "process")!;
        Assert.Equal(("process default", ActivityKind.Consumer), (process.DisplayName, process.Kind));
        Assert.NotEqual(TraceId, process.TraceId.ToHexString());
        Assert.Equal(send.Context.SpanId, Assert.Single(process.Links).Context.SpanId);
        Assert.Equal("trace.call", process.GetTagItem("errand.job.type"));
        Assert.Equal(1, process.GetTagItem("errand.job.attempt"));
        Assert.Equal("succeeded", process.GetTagItem("errand.attempt.outcome"));

        Assert.Equal($"00-{process.TraceId}-{process.SpanId}-01", parent);
        await app.StopAsync();
    }

    private Activity? Of(string job, string operation) => _spans.FirstOrDefault(
        span => span.GetTagItem("messaging.message.id") as string == job && span.GetTagItem("messaging.operation.name") as string == operation);

    private static async Task<string> SubmitAsync(WebApplication app)
    {
        var token = await app.Services.GetRequiredService<AccessTokens>().CreateAsync(new NewToken("tracer"));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
        var request = new HttpRequestMessage(HttpMethod.Post, $"{app.Urls.First()}/v1/jobs")
        {
            Content = new StringContent("""{"type":"trace.call"}""", new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Add("traceparent", $"00-{TraceId}-{Caller}-01");
        var answer = await http.SendAsync(request);
        return System.Text.Json.Nodes.JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
    }

    private static async Task<WebApplication> ServiceAsync(TaskCompletionSource<string?> called)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(http =>
        {
            called.TrySetResult(http.Request.Headers.TraceParent);
            http.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return app;
    }
}

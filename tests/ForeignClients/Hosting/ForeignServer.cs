using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Errand.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Errand.ForeignClients.Tests;

/// <summary>
/// The whole of Errand on a real Kestrel: the native API, Zendesk's wire, the token endpoint, an endpoint that runs as a job, and a worker. Every job waits until it was polled twice.
/// </summary>
internal sealed class ForeignServer : IAsyncDisposable
{
    private readonly ConcurrentBag<HttpContext> streams = [];
    private WebApplication? app;

    public PollGate Gate { get; } = new();

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => app!.Services;

    /// <summary>An access token of ada's.</summary>
    public string Token { get; private set; } = "";

    public static async Task<ForeignServer> StartAsync()
    {
        var server = new ForeignServer();
        await server.BeginAsync();
        return server;
    }

    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return client;
    }

    /// <summary>Submits a job past the client under test.</summary>
    public async Task<JobId> SubmitAsync(string type) =>
        (await Services.GetRequiredService<IJobClients>().For(new JobCaller("acme", "ada")).SubmitAsync(new JobSubmission { Type = type })).Job.Head.Id;

    /// <summary>Breaks the connection of every open event stream, as a proxy or a network does.</summary>
    public void CutStreams()
    {
        while (streams.TryTake(out var http)) http.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        if (app is null) return;
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task BeginAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var errand = builder.Services.AddErrand().UseMemory().AddErrandApi().AddErrandOAuth().AddWorker();
        errand.AddZendesk(options => options.Starters["tickets/update_many"] = "tickets.update");
        Add(errand, "answer.find", AnswerAsync);
        Add(errand, "answer.miss", MissAsync);
        Add(errand, "answer.never", NeverAsync);
        Add(errand, "tickets.update", UpdateTicketsAsync);
        app = builder.Build();
        app.Use(ObserveAsync);
        app.MapErrand();
        app.MapErrandZendesk();
        app.MapErrandOAuth();
        app.MapPost("/answers", async (Question question, CancellationToken cancellationToken) =>
        {
            await Gate.Opened.WaitAsync(cancellationToken);
            return question.Text == "?" ? Results.Problem("There is no answer to that.", statusCode: 422) : Results.Ok(new Answer(42));
        }).RunsAsJob("answers");
        await app.StartAsync();
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Token = (await Services.GetRequiredService<AccessTokens>().CreateAsync(new NewToken("ada") { Tenant = "acme" })).Text;
    }

    private Task ObserveAsync(HttpContext http, RequestDelegate next)
    {
        var path = http.Request.Path.Value!;
        if (path.EndsWith("/events", StringComparison.Ordinal)) streams.Add(http);
        else if (HttpMethods.IsGet(http.Request.Method) && (path.StartsWith("/v1/jobs/", StringComparison.Ordinal) || path.StartsWith("/api/v2/job_statuses/", StringComparison.Ordinal))) Gate.Count();
        return next(http);
    }

    private async ValueTask<JobOutcome> AnswerAsync(JobContext context, CancellationToken cancellationToken)
    {
        context.Report(new JobProgress { Percent = 50, Message = "thinking" });
        await Gate.Opened.WaitAsync(cancellationToken);
        return new JobOutcome.Succeeded("""{"answer":42}"""u8.ToArray());
    }

    private async ValueTask<JobOutcome> MissAsync(JobContext context, CancellationToken cancellationToken)
    {
        await Gate.Opened.WaitAsync(cancellationToken);
        return new JobOutcome.Failed(new JobError("no_answer", "There is no answer to that.", Retryable: false));
    }

    private static async ValueTask<JobOutcome> NeverAsync(JobContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return JobOutcome.Succeeded.Empty;
    }

    // Ticket 404 does not exist; every other one is updated.
    private async ValueTask<JobOutcome> UpdateTicketsAsync(JobContext context, CancellationToken cancellationToken)
    {
        await Gate.Opened.WaitAsync(cancellationToken);
        List<JobItem> items = [];
        await foreach (var item in context.ReadItemsAsync(cancellationToken))
        {
            var key = JsonNode.Parse(item.Json.Span)!["id"]!.ToString();
            items.Add(key == "404"
                ? new JobItem { Index = item.Index, Key = key, Status = JobItemStatus.Failed, Error = new JobError("TicketNotFound", "There is no ticket 404.") }
                : new JobItem { Index = item.Index, Key = key, Result = Encoding.UTF8.GetBytes($$"""{"title":"Ticket {{key}}"}""") });
        }

        await context.WriteItemsAsync(items, cancellationToken);
        return JobOutcome.Succeeded.Empty;
    }

    private static void Add(IErrandBuilder errand, string name, Func<JobContext, CancellationToken, ValueTask<JobOutcome>> run) =>
        errand.AddHandler(new JobType { Name = name, MaxAttempts = 1 }, _ => new Delegated(run));

    private sealed class Delegated(Func<JobContext, CancellationToken, ValueTask<JobOutcome>> run) : IJobHandler
    {
        public ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken) => run(context, cancellationToken);
    }
}

internal sealed record Question(string Text);

internal sealed record Answer(int Value);

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Errand.Dialects.Alteryx;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Errand.Dialects.Tests.Alteryx;

/// <summary>The dialect with three workflows: one that asks, one that is shared with a collection, and one that is no app.</summary>
internal static class AlteryxHost
{
    public const string Totals = "sales.totals";
    public const string Shared = "finance.close";
    public const string Hidden = "internal.sync";
    public const string WorkflowId = "67c41e559be2d1000043a6c0";

    public static Task<DialectServer> StartAsync(bool messagesAsArray = false, DateTimeOffset? at = null) => DialectServer.StartAsync(new DialectServer
    {
        Time = new FakeTimeProvider(at ?? DialectServer.Start),
        Configure = errand =>
        {
            errand.AddAlteryx(new AlteryxOptions
            {
                MessagesAsArray = messagesAsArray,
                Workflows = new Dictionary<string, AlteryxWorkflow>
                {
                    [Totals] = new()
                    {
                        WorkflowId = WorkflowId,
                        Name = "Running totals",
                        Questions =
                        [
                            new AlteryxQuestion("Region")
                            {
                                QuestionType = "DropDown", Description = "Which region?", Value = "eu", Items = new Dictionary<string, string> { ["eu"] = "Europe", ["us"] = "America" },
                            },
                            new AlteryxQuestion("Month") { Description = "Which month?" },
                        ],
                    },
                    [Hidden] = new() { App = false },
                },
            });
            errand.Services.AddSingleton<ICollections, Finance>();
            errand.Services.AddSingleton<IHandlerCatalog>(new Types());
        },
        Map = app => app.MapErrandAlteryx(),
    });

    /// <summary>Ran "Running totals" to its end, with a file and two lines.</summary>
    public static async Task<Job> FinishedAsync(DialectServer server)
    {
        var job = await server.SubmitAsync(new JobSubmission { Type = Totals });
        var claimed = await server.Hand.ClaimAsync(Totals);
        await server.Hand.SayAsync(
            claimed,
            new JobMessage { Time = server.Time.GetUtcNow(), Text = "Started running totals.yxwz", Attempt = 1 },
            new JobMessage { Time = server.Time.GetUtcNow(), Text = "3 records were dropped", Severity = JobSeverity.Warning, Source = 7, Attempt = 1 });
        await server.Hand.PublishAsync(claimed, "67c41f119be2d1000043a801", "totals.csv", "region,total\neu,42\n", ("csv", "text/csv"), ("xlsx", "application/vnd.ms-excel"));
        server.Time.Advance(TimeSpan.FromSeconds(3.2));
        await server.Hand.SucceedAsync(claimed);
        return job;
    }

    public static async Task<JsonNode> ReadAsync(this HttpClient client, string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return await BodyAsync(answer, status);
    }

    public static async Task<JsonNode> RunAsync(this HttpClient client, string workflow, string? body, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri($"webapi/v3/workflows/{workflow}/jobs", UriKind.Relative), content);
        return await BodyAsync(answer, status);
    }

    private static async Task<JsonNode> BodyAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Bob is a member of "finance".</summary>
    private sealed class Finance : ICollections
    {
        public ValueTask<JobShares> OfAsync(JobCaller caller, CancellationToken cancellationToken = default) => ValueTask.FromResult(caller.Subject switch
        {
            "bob" => new JobShares(["finance"], [], []),
            "eli" => new JobShares(["sales"], [Totals], []),
            "fay" => new JobShares(["nights"], [], ["own"]),
            _ => JobShares.None,
        });
    }

    private sealed class Types : IHandlerCatalog
    {
        public IReadOnlyList<HandlerRegistration> Handlers { get; } =
        [
            new(new JobType { Name = Totals, MaxAttempts = 2 }, Create: null),
            new(new JobType { Name = Shared, MaxAttempts = 1, Collections = ["finance"] }, Create: null),
            new(new JobType { Name = Hidden, MaxAttempts = 1 }, Create: null),
        ];
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Errand.EndToEnd.Tests;

/// <summary>The curl lines of the vendors' pages, run as written against the real server, on jobs that its own programs do.</summary>
public sealed partial class VendorLineTests(VendorLineServer server) : IClassFixture<VendorLineServer>
{
    private const string Workiva = "https://api.app.wdesk.com";
    private const string Alteryx = "http://localhost/webapi";
    private const string AlteryxId = "66ebd18d3d6200007e000d8c";

    [Fact]
    public async Task Zendesk_show_job_status()
    {
        var begun = await SendAsync(HttpMethod.Put, "/api/v2/tickets/update_many.json", """{"tickets":[{"id":380},{"id":90}]}""");
        var id = begun["job_status"]!["id"]!.GetValue<string>();
        var (status, answer) = await EndAsync(
            () => VendorLine.RunAsync("zendesk-job-status", ("https://{subdomain}.zendesk.com", Host), ("{id}", id), ("{email_address}:{password}", $"{VendorLineServer.Email}:{server.Password}")),
            body => body["status"]!.GetValue<string>() == "completed");
        Assert.Equal(200, status);

        // What is this job's own, and not the example's.
        var example = VendorLine.Example("zendesk-job-status");
        (example["id"], example["url"]) = (id, $"{Host}/api/v2/job_statuses/{id}.json");
        Assert.Matches(OldDate(), answer["message"]!.GetValue<string>());
        answer["message"] = example["message"]!.DeepClone();
        Assert.True(JsonNode.DeepEquals(example, answer), answer.ToJsonString());
    }

    [Fact]
    public async Task Workiva_retrieve_a_single_operation()
    {
        using var begun = await SendForAsync(HttpMethod.Post, "/platform/v1/files/f1/copy", "{}");
        var id = begun.Headers.Location!.ToString().Split('/')[^1];
        var (status, answer) = await EndAsync(
            () => VendorLine.RunAsync("workiva-operation", (Workiva, Host), ("{operationId}", id), ("{access-token}", server.Token)), body => body["status"]!.GetValue<string>() == "started");
        Assert.Equal((200, id), (status, answer["id"]!.GetValue<string>()));
        Assert.True(Guid.TryParseExact(answer["originalRequest"]!.GetValue<string>(), "D", out _));

        // The vendor tells who began it, where somebody did; its example is of nobody's.
        Assert.Equal("ada", answer["created"]!["user"]!["id"]!.GetValue<string>());
        answer["created"]!.AsObject().Remove("user");
        Assert.Equal(VendorLine.ShapeOf(VendorLine.Example("workiva-operation")), VendorLine.ShapeOf(answer));
    }

    [Fact]
    public async Task Workiva_errors_are_those_of_the_page()
    {
        var examples = VendorLine.Example("workiva-operation-errors").AsArray().ToDictionary(error => error!["code"]!.GetValue<string>(), StringComparer.Ordinal);
        var unknown = await VendorLine.RunAsync("workiva-operation", (Workiva, Host), ("{operationId}", "129g274495354cf18edb6b3ea3d023b2"), ("{access-token}", server.Token));
        var stranger = await VendorLine.RunAsync("workiva-operation", (Workiva, Host), ("{operationId}", "129g274495354cf18edb6b3ea3d023b2"), ("{access-token}", "made-up"));
        Assert.Equal(404, unknown.Status);
        Assert.True(JsonNode.DeepEquals(examples["404NotFound"], unknown.Body), unknown.Body.ToJsonString());
        Assert.Equal(401, stranger.Status);
        Assert.True(JsonNode.DeepEquals(examples["401Unauthorized"], stranger.Body), stranger.Body.ToJsonString());
    }

    [Fact]
    public async Task Workiva_return_job_data()
    {
        var begun = await SendAsync(HttpMethod.Put, "/spreadsheets/v1/async/spreadsheets/s1/sheets/t1/data/A1", """{"values":[[1]]}""");
        var id = begun["data"]!["id"]!.GetValue<string>();
        var (status, answer) = await EndAsync(
            () => VendorLine.RunAsync("workiva-queue-job", (Workiva, Host), ("{jobId}", id), ("{access-token}", server.Token)), body => body["data"]!["status"]!.GetValue<string>() == "SUCCESSFUL");
        Assert.Equal(200, status);
        Assert.Equal(VendorLine.ShapeOf(VendorLine.Example("workiva-queue-job")), VendorLine.ShapeOf(answer));
        Assert.Equal((id, $"{Host}/spreadsheets/v1/queue-jobs/{id}"), (answer["data"]!["id"]!.GetValue<string>(), answer["data"]!["next_url"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Alteryx_retrieve_details_and_messages()
    {
        var begun = await SendAsync(HttpMethod.Post, "/webapi/v3/workflows/sales.totals/jobs", """{"priority":"Default"}""");
        var id = begun["id"]!.GetValue<string>();
        var (status, answer) = await EndAsync(
            () => VendorLine.RunAsync("alteryx-job", (Alteryx, Host + "/webapi"), (AlteryxId, id), ("BearerTokenGoesHere", server.Token)), body => body["status"]!.GetValue<string>() == "Completed");
        Assert.Equal((200, "Success", "Default"), (status, answer["disposition"]!.GetValue<string>(), answer["priority"]!.GetValue<string>()));
        Assert.Equal(VendorLine.ShapeOf(VendorLine.Example("alteryx-job")), VendorLine.ShapeOf(answer));

        var messages = await VendorLine.RunAsync("alteryx-messages", (Alteryx, Host + "/webapi"), (AlteryxId, id), ("BearerTokenGoesHere", server.Token));
        Assert.Equal(200, messages.Status);
        Assert.Equal(VendorLine.ShapeOf(VendorLine.Example("alteryx-messages")), VendorLine.ShapeOf(messages.Body));
    }

    private string Host => server.Host;

    /// <summary>Runs a line until its answer is the awaited one.</summary>
    private async Task<(int Status, JsonNode Body)> EndAsync(Func<Task<(int Status, JsonNode Body)>> line, Func<JsonNode, bool> awaited)
    {
        var last = await line();
        await Wait.UntilAsync(async () => awaited((last = await line()).Body), TimeSpan.FromSeconds(30), () => $"{last.Status} {last.Body.ToJsonString()}\n{server.Log}");
        return last;
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, string json)
    {
        using var answer = await SendForAsync(method, path, json);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private async Task<HttpResponseMessage> SendForAsync(HttpMethod method, string path, string json)
    {
        using var client = server.Client();
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(JsonDocument.Parse(json).RootElement) };
        var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer;
    }

    [GeneratedRegex(@"^Completed at [A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{2}:\d{2}:\d{2} \+0000 \d{4}$")]
    private static partial Regex OldDate();
}

/// <summary>A server with a program behind each of the vendors' calls.</summary>
public sealed class VendorLineServer : IAsyncLifetime
{
    private readonly DataFolder _folder = new();
    private ErrandProcess _process = null!;

    public const string Email = "ada@example.com";

    public string Token { get; private set; } = "";

    public string Password { get; private set; } = "";

    public string Host => _process.Url.GetLeftPart(UriPartial.Authority);

    public string Log => _process.Log;

    public HttpClient Client() => _process.Client(Token);

    public async ValueTask InitializeAsync()
    {
        var made = JsonNode.Parse((await ErrandProcess.RunAsync("hash", "--random", "-o", "json")).Output)!;
        Password = made["secret"]!.GetValue<string>();
        var config = JsonNode.Parse(
            """
            {
              "types": {
                "tickets.update": { "handler": "command", "command": ["sh", "-c", "echo '{\"errand\":\"item\",\"key\":\"380\",\"status\":\"succeeded\",\"result\":{\"title\":\"I accidentally the whole bottle\"}}'; echo '{\"errand\":\"item\",\"key\":\"90\",\"status\":\"succeeded\",\"result\":{\"title\":\"Printer on fire\"}}'"] },
                "cells.write": { "handler": "command", "command": ["true"] },
                "files.copy": { "handler": "command", "command": ["sleep", "60"] },
                "sales.totals": { "handler": "command", "command": ["sh", "-c", "echo '{\"errand\":\"message\",\"severity\":\"info\",\"text\":\"Started\",\"source\":7}'; echo a,b > totals.csv"], "outputs": ["*.csv"] }
              },
              "worker": { "drainTimeout": "1s" },
              "dialects": {
                "zendesk": { "envelope": "bare", "seedStrict": true, "starters": { "tickets/update_many": "tickets.update" } },
                "workiva": { "starters": { "PUT /spreadsheets/v1/async/spreadsheets/{spreadsheetId}/sheets/{sheetId}/data/{region}": "cells.write", "POST /files/{fileId}/copy": "files.copy" } },
                "alteryx": {}
              }
            }
            """)!.AsObject();
        config["users"] = new JsonArray(new JsonObject { ["name"] = Email, ["passwordHash"] = made["hash"]!.DeepClone() });
        var (code, output, error) = await ErrandProcess.RunAsync(
            "token", "create", "--subject", "ada", "--data", _folder.Data, "-o", "id", "--scopes", "jobs.submit jobs.read data_tables|r data_tables|w file:read file:write", "--roles", "curator");
        Assert.True(code == 0, error);
        Token = output;
        _process = await ErrandProcess.ServeAsync(_folder.Data, _folder.WriteConfig(config));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}

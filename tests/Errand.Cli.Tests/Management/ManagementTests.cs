using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Errand.AspNetCore;
using Errand.Contracts;
using Errand.Server;
using Errand.Server.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Errand.Cli.Tests;

/// <summary>What operators see, on an address of their own.</summary>
public sealed partial class ManagementTests : IAsyncLifetime
{
    private readonly Scratch _scratch = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private WebApplication? _app;

    private string Public => _app!.Urls.First();

    private string Operators => _app!.Urls.Last();

    public async ValueTask InitializeAsync()
    {
        _app = ErrandServer.Create(new ErrandServerOptions
        {
            DataFolder = _scratch.Folder("data"),
            Urls = ["http://127.0.0.1:0"],
            LogLevel = LogLevel.None,
            Config = new ServerConfig { ManagementUrl = new Uri("http://127.0.0.1:0") },
            Configure = errand => errand.AddHandler<Input, int>("m.double", static (input, _, _) => Task.FromResult(input.Number * 2)),
        });
        await _app.StartAsync();
        var token = await _app.Services.GetRequiredService<AccessTokens>().CreateAsync(new NewToken("secret-subject") { Tenant = "secret-tenant" });
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _http.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task Metrics_are_on_the_management_address_and_nowhere_else()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync($"{Public}/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync($"{Operators}/v1/jobs")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync($"{Public}/v1/jobs")).StatusCode);
        Assert.Equal("Healthy", await _http.GetStringAsync($"{Operators}/readyz"));
        using var answer = await _http.GetAsync($"{Operators}/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task A_job_is_counted_on_its_way_and_never_named()
    {
        using var accepted = await PostAsync("""{"type":"m.double","input":{"number":21}}""");
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        var id = JsonNode.Parse(await accepted.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
        using var refused = await PostAsync("""{"type":"m.nobody"}""");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);

        string[] lines =
        [
            """messaging_client_sent_messages_total{messaging_system="errand",messaging_destination_name="default",errand_job_type="m.double"} 1""",
            """errand_job_attempts_total{errand_job_type="m.double",errand_attempt_outcome="succeeded"} 1""",
            """errand_job_finished_total{messaging_system="errand",messaging_destination_name="default",errand_job_type="m.double",errand_job_status="succeeded"} 1""",
            """errand_http_refusals_total{http_response_status_code="404",error_type="unknown_job_type"} """,
            """errand_queue_depth{messaging_destination_name="default"} 0""",
            "# TYPE errand_store_commit_duration_seconds histogram",
            "errand_store_commit_size_count ",
            "errand_store_disk_free_bytes ",
            "errand_submit_outstanding 0",
            "errand_clock_skew_seconds ",
            "errand_retention_lag_seconds ",
            "errand_build_info{version=",
            "messaging_process_duration_seconds_bucket{",
            "errand_queue_wait_duration_seconds_bucket{",
            "dotnet_gc_collections_total{",
            "kestrel_active_connections{",
        ];
        var text = await ScrapedAsync(all => Array.Exists(lines, line => !all.Contains(line, StringComparison.Ordinal)));
        Assert.All(lines, line => Assert.Contains(line, text, StringComparison.Ordinal));

        Assert.DoesNotContain(id, text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_line_is_as_prometheus_reads_it()
    {
        using var accepted = await PostAsync("""{"type":"m.double","input":{"number":1}}""");
        var text = await _http.GetStringAsync($"{Operators}/metrics");
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.Equal([], text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !PrometheusLine().IsMatch(line)));
        var types = text.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(types.Distinct().Count(), types.Length);
    }

    [Fact]
    public void A_port_that_the_public_has_is_refused_with_another()
    {
        var error = Assert.Throws<ConfigException>(() => ErrandServer.Create(new ErrandServerOptions
        {
            DataFolder = _scratch.Folder("other"),
            Urls = ["http://*:5230"],
            Config = new ServerConfig { ManagementUrl = new Uri("http://127.0.0.1:5230") },
        }));
        Assert.Contains("management.url: needs a port of its own", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "management": { "url": "https://x:1" } }""", "management.url")]
    [InlineData("""{ "management": { "url": "http://unix:/run/m.sock" } }""", "one address with a port")]
    [InlineData("""{ "management": {} }""", "management.url: is missing")]
    public void A_mistake_is_told_with_its_path(string config, string expected)
    {
        var error = Assert.Throws<ConfigException>(() => ServerConfig.Load(_scratch.File("errand.json", config), []));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PostAsync(string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{Public}/v1/jobs") { Content = new StringContent(json, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Add("Prefer", "wait=20");
        return _http.SendAsync(request);
    }

    // The figures of the store are read every five seconds, and the worker counts an attempt after the waiting submit was told of its end.
    private async Task<string> ScrapedAsync(Func<string, bool> lacks)
    {
        var text = "";
        var begun = TimeProvider.System.GetTimestamp();
        do text = await _http.GetStringAsync($"{Operators}/metrics");
        while (lacks(text) && TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30));
        return text;
    }

    private sealed record Input(int Number);

    [GeneratedRegex("""^(# (HELP|TYPE) [a-zA-Z_][a-zA-Z0-9_]* .+|[a-zA-Z_][a-zA-Z0-9_]*(\{[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*")*\})? (-?[0-9.]+([eE][+-]?[0-9]+)?|[+-]Inf|NaN))$""")]
    private static partial Regex PrometheusLine();
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Errand.Cli.Tests;

/// <summary>Clients, users and collections: in the store through commands, in the configuration, and on a server of both.</summary>
public sealed class IdentityTests(TestServer server) : IDisposable
{
    private const string Unknown = "00000000000000000000000000000000";
    private readonly Scratch _scratch = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    public void Dispose()
    {
        _http.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task A_client_is_made_beside_a_running_server_rotated_and_revoked()
    {
        var secret = await MakeAsync("client", "create", "beside", "--tenant", "acme");
        Assert.StartsWith("errsec_", secret, StringComparison.Ordinal);
        var token = await TokenAsync("beside", secret);
        var job = (await Ran.Async(["submit", "t.idle", "--url", server.Url, "--token", token, "-o", "json"])).Json;
        Assert.Equal("beside", job.GetProperty("createdBy").GetString());

        var next = await MakeAsync("client", "rotate", "beside");
        Assert.NotNull(await TokenAsync("beside", secret));
        Assert.NotNull(await TokenAsync("beside", next));
        Assert.NotNull(await MakeAsync("client", "rotate", "beside", "--overlap", "0s"));
        await Wait.UntilAsync(async () => (await Ran.Async(["list", "--url", server.Url, "--token", token])).Code == 4);
        Assert.Equal(0, (await Ran.Async(["client", "revoke", "beside", "--data", server.Data])).Code);
        Assert.Equal(5, (await Ran.Async(["client", "revoke", "beside", "--data", server.Data])).Code);
        Assert.Equal(5, (await Ran.Async(["client", "rotate", "beside", "--data", server.Data])).Code);
        Assert.Equal(2, (await Ran.Async(["client", "create", "beside", "--data", server.Data])).Code);
    }

    [Fact]
    public async Task Clients_are_listed_without_their_secrets()
    {
        var secret = await MakeAsync("client", "create", "listed", "--roles", "curator");
        await MakeAsync("client", "rotate", "listed", "--overlap", "2h");
        var ran = await Ran.Async(["client", "list", "--data", server.Data, "-o", "jsonl"]);
        var line = JsonNode.Parse(Assert.Single(ran.Lines, text => text.Contains("\"listed\"", StringComparison.Ordinal)))!;
        Assert.Equal((2, "store", "curator"), ((int)line["secrets"]!, (string)line["source"]!, (string)line["roles"]![0]!));
        Assert.NotNull(line["formerSecretsEndAt"]);
        Assert.DoesNotContain(secret, ran.Out, StringComparison.Ordinal);
        Assert.Contains("former until", (await Ran.Async(["client", "list", "--data", server.Data])).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Did you mean 'jobs.read'?", "x", "--scopes", "jobs.raed")]
    [InlineData("There is no role 'boss'", "x", "--roles", "boss")]
    [InlineData("cannot be a client's id", "a b")]
    public async Task A_slip_is_told_with_what_was_meant_and_makes_nothing(string told, params string[] args)
    {
        var ran = await Ran.Async(["client", "create", .. args, "--data", server.Data]);
        Assert.Equal(2, ran.Code);
        Assert.Contains(told, ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\"x\"", (await Ran.Async(["client", "list", "--data", server.Data, "-o", "jsonl"])).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_names_clients_users_collections_and_limits()
    {
        var made = (await Ran.Async(["hash", "--random", "-o", "json"])).Json;
        var password = (await Ran.Async(["hash"], input: "pa:ss word\n")).Out.Trim();
        var config = _scratch.File("errand.json", $$"""
            {
              "types": { "sales.totals": { "handler": "none" } },
              "clients": [ { "id": "ci", "secretHash": "{{made.GetProperty("hash").GetString()}}", "tenant": "acme", "scopes": ["jobs.submit", "jobs.read", "data_tables|r"] } ],
              "users": [ { "name": "ada@example.com", "passwordHash": "{{password}}", "tenant": "acme" }, { "name": "bob", "passwordHash": "{{password}}", "tenant": "acme" } ],
              "collections": [ { "name": "finance", "tenant": "acme", "members": ["ada@example.com"], "types": ["sales.totals"] } ],
              "oauth": { "tokenLifetime": "5m" },
              "rateLimits": { "default": { "limit": "3/h", "subjects": ["ci"] } },
              "dialects": { "alteryx": {}, "workiva": { "rateLimit": "2/h" } }
            }
            """);
        string[] where = ["--data", _scratch.Folder("data"), "--config", config];
        await using var served = await Served.StartAsync(["serve", "--quiet", .. where]);
        var grant = await GrantAsync(served.Url, "ci", made.GetProperty("secret").GetString()!, "/webapi/oauth2/token");
        Assert.Equal((300, "jobs.submit jobs.read data_tables|r"), ((int)grant["expires_in"]!, (string)grant["scope"]!));
        var bearer = new AuthenticationHeaderValue("Bearer", (string)grant["access_token"]!);
        var submitted = await SendAsync(HttpMethod.Post, served.Url, "/v1/jobs", bearer, """{"type":"sales.totals"}""");
        Assert.Equal("\"default\";q=3;w=3600", submitted.Headers.GetValues("RateLimit-Policy").Single());
        var id = submitted.Headers.GetValues("Operation-Id").Single();

        // Ada is a member of the collection that the type is in; Bob is not, and no other can tell that the job is there.
        Assert.Equal(200, await StatusAsync(served.Url, $"/webapi/v3/jobs/{id}", Basic("ada@example.com", "pa:ss word")));
        Assert.Equal(404, await StatusAsync(served.Url, $"/webapi/v3/jobs/{id}", Basic("bob", "pa:ss word")));
        Assert.Equal(401, await StatusAsync(served.Url, $"/webapi/v3/jobs/{id}", Basic("bob", "wrong")));
        Assert.Equal(0, (await Ran.Async(["collection", "create", "more", "--tenant", "acme", "--member", "bob", .. where])).Code);
        Assert.Equal(0, (await Ran.Async(["collection", "add", "more", "--tenant", "acme", "--type", "sales.totals", .. where])).Code);
        await Wait.UntilAsync(async () => await StatusAsync(served.Url, $"/webapi/v3/jobs/{id}", Basic("bob", "pa:ss word")) == 200);
        Assert.Equal(0, (await Ran.Async(["collection", "remove", "more", "--tenant", "acme", "--member", "bob", .. where])).Code);
        await Wait.UntilAsync(async () => await StatusAsync(served.Url, $"/webapi/v3/jobs/{id}", Basic("bob", "pa:ss word")) == 404);

        Assert.Equal(404, await StatusAsync(served.Url, $"/spreadsheets/v1/queue-jobs/{Unknown}", bearer));
        Assert.Equal(404, await StatusAsync(served.Url, $"/spreadsheets/v1/queue-jobs/{Unknown}", bearer));
        Assert.Equal(429, await StatusAsync(served.Url, $"/spreadsheets/v1/queue-jobs/{Unknown}", bearer));
        Assert.Equal(200, await StatusAsync(served.Url, "/v1/stats", bearer));
        Assert.Equal(200, await StatusAsync(served.Url, "/v1/stats", bearer));
        Assert.Equal(429, await StatusAsync(served.Url, "/v1/stats", bearer));

        Assert.Equal(6, (await Ran.Async(["client", "create", "ci", .. where])).Code);
        Assert.Equal(6, (await Ran.Async(["client", "rotate", "ci", .. where])).Code);
        Assert.Equal(6, (await Ran.Async(["collection", "add", "finance", "--tenant", "acme", "--member", "bob", .. where])).Code);
        Assert.Contains("configuration", Assert.Single((await Ran.Async(["client", "list", "-o", "jsonl", .. where])).Lines), StringComparison.Ordinal);
        Assert.Equal(["finance", "more"], (await Ran.Async(["collection", "list", "-o", "id", .. where])).Lines);
    }

    [Fact]
    public async Task A_collection_is_made_whole_changed_and_deleted()
    {
        string[] where = ["--data", server.Data];
        var made = (await Ran.Async(["collection", "create", "made", "--member", "a", "--member", "b", "--type", "t.ok", "--schedule", "nightly", "-o", "json", .. where])).Json;
        Assert.Equal(["a", "b"], made.GetProperty("members").EnumerateArray().Select(member => member.GetString()));
        Assert.Equal(6, (await Ran.Async(["collection", "create", "made", .. where])).Code);
        Assert.Equal(2, (await Ran.Async(["collection", "add", "made", .. where])).Code);
        Assert.Equal(2, (await Ran.Async(["collection", "add", "made", "--type", "Not A Type", .. where])).Code);
        var changed = (await Ran.Async(["collection", "remove", "made", "--member", "a", "--schedule", "nightly", "-o", "json", .. where])).Json;
        Assert.Equal((1, 1, 0), (changed.GetProperty("members").GetArrayLength(), changed.GetProperty("types").GetArrayLength(), changed.GetProperty("schedules").GetArrayLength()));
        Assert.Equal(0, (await Ran.Async(["collection", "delete", "made", .. where])).Code);
        Assert.Equal(5, (await Ran.Async(["collection", "delete", "made", .. where])).Code);
        Assert.Equal(5, (await Ran.Async(["collection", "add", "made", "--member", "a", .. where])).Code);
    }

    [Fact]
    public async Task A_hash_needs_something_to_hash() => Assert.Equal(2, (await Ran.Async(["hash"])).Code);

    [Fact]
    public async Task A_token_outlives_the_server_that_gave_it()
    {
        string[] where = ["--data", _scratch.Folder("data")];
        var secret = (await Ran.Async(["client", "create", "ci", "-o", "id", .. where])).Out.Trim();
        string token;
        await using (var first = await Served.StartAsync(["serve", "--quiet", .. where])) token = (string)(await GrantAsync(first.Url, "ci", secret))["access_token"]!;
        await using var second = await Served.StartAsync(["serve", "--quiet", .. where]);
        Assert.Equal(200, await StatusAsync(second.Url, "/v1/stats", new AuthenticationHeaderValue("Bearer", token)));
    }

    [Fact]
    public async Task Without_oauth_there_is_no_token_address()
    {
        var config = _scratch.File("errand.json", """{ "oauth": { "enabled": false } }""");
        await using var served = await Served.StartAsync("serve", "--quiet", "--data", _scratch.Folder("data"), "--config", config);
        Assert.Equal(404, (int)(await SendAsync(HttpMethod.Post, served.Url, "/oauth2/token", null, "{}")).StatusCode);
        Assert.Equal(401, await StatusAsync(served.Url, "/v1/stats", new AuthenticationHeaderValue("Bearer", "a.b.c")));
    }

    private static AuthenticationHeaderValue Basic(string name, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));

    private async Task<string> MakeAsync(params string[] args)
    {
        var ran = await Ran.Async([.. args, "--data", server.Data, "-o", "id"]);
        Assert.True(ran.Code == 0, ran.ToString());
        return ran.Out.Trim();
    }

    private async Task<string> TokenAsync(string id, string secret) => (string)(await GrantAsync(new Uri(server.Url), id, secret))["access_token"]!;

    private async Task<JsonNode> GrantAsync(Uri url, string id, string secret, string path = "/oauth2/token")
    {
        using var response = await SendAsync(HttpMethod.Post, url, path, Basic(id, secret), """{"grant_type":"client_credentials"}""");
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!;
    }

    private async Task<int> StatusAsync(Uri url, string path, AuthenticationHeaderValue credentials)
    {
        using var response = await SendAsync(HttpMethod.Get, url, path, credentials);
        return (int)response.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri url, string path, AuthenticationHeaderValue? credentials, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(url, path));
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        request.Headers.Authorization = credentials;
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

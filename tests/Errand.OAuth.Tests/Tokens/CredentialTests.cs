using System.Net.Http.Headers;
using System.Text;
using Errand.AspNetCore;

namespace Errand.OAuth.Tests;

/// <summary>Every form of credentials, at every address, for every wire.</summary>
public sealed class CredentialTests(CredentialTests.Shared shared) : IClassFixture<CredentialTests.Shared>
{
    private const string Unknown = "00000000000000000000000000000000";
    private readonly OAuthNode node = shared.Node;
    private readonly string secret = shared.Secret;

    /// <summary>One node for all: no test changes what is on it but for a client of its own.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        public OAuthNode Node { get; private set; } = null!;

        public string Secret { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            Node = await OAuthNode.StartAsync(new OAuthNode
            {
                Identity = identity => identity.Clients.Add(new ConfiguredClient("made.by@hand") { SecretHash = SecretHashes.OfPassword("50%+plus & more:é"), Scopes = ["jobs.read"] }),
            });
            Secret = (await Node.Clients.CreateAsync(new NewClient("ci") { Tenant = "acme", Scopes = ["jobs.read", "data_tables|r", "file:read"], Roles = ["artisan"] }, Stop)).Text;
        }

        public ValueTask DisposeAsync() => Node.DisposeAsync();
    }

    public static TheoryData<string, string, int> Ways()
    {
        var ways = new TheoryData<string, string, int>();
        foreach (var (path, lifetime) in new[] { ("/oauth2/token", 599), ("/iam/v1/oauth2/token", 599), ("/webapi/oauth2/token", 3600), ("/oauth/tokens", 3600) })
        {
            foreach (var form in new[] { "form", "json", "basic" }) ways.Add(path, form, lifetime);
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_token_is_given_and_taken_on_every_wire(string path, string way, int lifetime)
    {
        var (status, body) = way switch
        {
            "form" => await node.AskAsync(path, OAuthNode.Form("ci", secret)),
            "json" => await node.AskAsync(path, Json($$"""{"grant_type":"client_credentials","client_id":"ci","client_secret":"{{secret}}"}""")),
            _ => await node.AskAsync(path, Grant(), Basic("ci", secret)),
        };

        Assert.Equal(200, status);
        Assert.Equal(["access_token", "expires_in", "scope", "token_type"], body.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal("bearer", (string)body["token_type"]!, ignoreCase: true);
        Assert.Equal(lifetime, (int)body["expires_in"]!);
        Assert.Equal("jobs.read data_tables|r file:read", (string)body["scope"]!);
        var token = (string)body["access_token"]!;
        Assert.Equal(200, await node.StatusAsync(token));
        Assert.Equal(404, await node.StatusAsync(token, $"/v1/jobs/{Unknown}"));
        Assert.Equal(404, await node.StatusAsync(token, $"/api/v2/job_statuses/{Unknown}.json"));
        Assert.Equal(404, await node.StatusAsync(token, $"/spreadsheets/v1/queue-jobs/{Unknown}"));
        Assert.Equal(404, await node.StatusAsync(token, $"/platform/v1/operations/{Unknown}"));
        Assert.Equal(404, await node.StatusAsync(token, $"/webapi/v3/jobs/{Unknown}"));
    }

    [Fact]
    public async Task A_narrow_token_does_what_it_was_given_and_no_more()
    {
        var (_, body) = await node.AskAsync("/oauth2/token", OAuthNode.Form("ci", secret, "file:read jobs.submit file:read"));
        var token = (string)body["access_token"]!;

        Assert.Equal("file:read", (string)body["scope"]!);
        Assert.Equal(403, await node.StatusAsync(token));
        Assert.Equal(403, await node.StatusAsync(token, $"/spreadsheets/v1/queue-jobs/{Unknown}"));
        Assert.Equal(404, await node.StatusAsync(token, $"/platform/v1/operations/{Unknown}"));
    }

    [Fact]
    public async Task An_administrator_can_ask_for_less_and_then_administers_nothing()
    {
        var boss = (await node.Clients.CreateAsync(new NewClient("boss") { Roles = ["admin"] }, Stop)).Text;
        var narrow = await node.TokenAsync("boss", boss, "jobs.read");
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/v1/jobs/{Unknown}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", narrow);

        Assert.Equal(200, await node.StatusAsync(narrow));
        using var refused = await node.Http.SendAsync(request, Stop);
        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Equal(401, await node.StatusAsync(narrow, $"/webapi/v3/jobs/{Unknown}/messages"));
        Assert.Equal(404, await node.StatusAsync(await node.TokenAsync("boss", boss), $"/webapi/v3/jobs/{Unknown}/messages"));
        Assert.Equal(404, await node.StatusAsync(await node.TokenAsync("boss", boss, "data_tables|r"), $"/spreadsheets/v1/queue-jobs/{Unknown}"));
    }

    [Fact]
    public async Task A_secret_that_a_person_made_up_is_taken_escaped_and_as_it_is()
    {
        const string Id = "made.by@hand";
        const string Secret = "50%+plus & more:é";

        Assert.Equal(200, (await node.AskAsync("/oauth2/token", OAuthNode.Form(Id, Secret))).Status);
        Assert.Equal(200, (await node.AskAsync("/oauth2/token", Grant(), Basic(Id, Secret))).Status);
        Assert.Equal(200, (await node.AskAsync("/oauth2/token", Grant(), Basic(Uri.EscapeDataString(Id), Uri.EscapeDataString(Secret)))).Status);
        Assert.Equal(401, (await node.AskAsync("/oauth2/token", Grant(), Basic(Id, Secret + "x"))).Status);
    }

    [Theory]
    [InlineData("/oauth2/token")]
    [InlineData("/iam/v1/oauth2/token")]
    [InlineData("/webapi/oauth2/token")]
    [InlineData("/oauth/tokens")]
    public async Task A_wrong_secret_is_refused_in_the_words_of_the_vendors(string path)
    {
        foreach (var (status, body) in new[]
        {
            await node.AskAsync(path, OAuthNode.Form("ci", secret + "x")),
            await node.AskAsync(path, OAuthNode.Form("nobody", secret)),
            await node.AskAsync(path, Json("""{"grant_type":"client_credentials","client_id":"ci","client_secret":"wrong"}""")),
            await node.AskAsync(path, Grant(), Basic("ci", "wrong")),
            await node.AskAsync(path, Grant()),
        })
        {
            Assert.Equal(401, status);
            Assert.Equal("invalid_client", (string)body["error"]!);
            Assert.Equal(["error", "error_description", "error_uri"], body.Select(member => member.Key).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("/webapi//oauth2/token", 3600)]
    [InlineData("/WebApi/OAuth2//Token/", 3600)]
    [InlineData("/oauth2//token", 599)]
    [InlineData("/iam/v1//oauth2/token", 599)]
    [InlineData("/oauth//tokens", 3600)]
    [InlineData("//oauth2/token", 599)]
    [InlineData("//webapi//oauth2/token/", 3600)]
    public async Task Slashes_and_letter_case_are_not_looked_at_too_closely(string path, int lifetime)
    {
        var (status, body) = await node.AskAsync(path, OAuthNode.Form("ci", secret));
        Assert.Equal((200, lifetime), (status, (int)body["expires_in"]!));
        Assert.Equal(404, await node.StatusAsync((string)body["access_token"]!, "/webapi//oauth2/other"));
        Assert.Equal(404, await node.StatusAsync((string)body["access_token"]!, "//oauth2/other"));
    }

    [Fact]
    public async Task A_refusal_names_the_scheme_and_is_not_kept()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth2/token") { Content = Grant() };
        request.Headers.Authorization = Basic("ci", "wrong");
        using var response = await node.Http.SendAsync(request, Stop);

        Assert.StartsWith("Basic", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("""{"grant_type":"password","client_id":"ci","client_secret":"SECRET"}""", "application/json", 400, "unsupported_grant_type")]
    [InlineData("""{"client_id":"ci","client_secret":"SECRET"}""", "application/json", 400, "invalid_request")]
    [InlineData("""{"grant_type":"client_credentials","client_id":"ci","client_secret":"SECRET","scope":"jobs.admin"}""", "application/json", 400, "invalid_scope")]
    [InlineData("""{"grant_type":{"a":1}}""", "application/json", 400, "invalid_request")]
    [InlineData("""{"grant_type":"client_credentials","grant_type":"password"}""", "application/json", 400, "invalid_request")]
    [InlineData("""[]""", "application/json", 400, "invalid_request")]
    [InlineData("""{"grant_type":""", "application/json", 400, "invalid_request")]
    [InlineData("grant_type=client_credentials&grant_type=password&client_id=ci&client_secret=SECRET", "application/x-www-form-urlencoded", 400, "invalid_request")]
    [InlineData("<token/>", "text/xml", 400, "invalid_request")]
    public async Task What_is_no_request_for_a_token_is_told_so(string body, string type, int status, string error)
    {
        var answer = await node.AskAsync("/oauth/tokens", new StringContent(body.Replace("SECRET", secret, StringComparison.Ordinal), Encoding.UTF8, type));

        Assert.Equal(status, answer.Status);
        Assert.Equal(error, (string)answer.Body["error"]!);
        Assert.NotEmpty((string)answer.Body["error_description"]!);
    }

    [Fact]
    public async Task Other_methods_and_large_bodies_are_refused_with_a_body_too()
    {
        using var got = await node.Http.GetAsync(new Uri("/oauth2/token?grant_type=client_credentials", UriKind.Relative), Stop);
        Assert.Equal(405, (int)got.StatusCode);
        Assert.Equal(["POST"], got.Content.Headers.Allow);
        Assert.Equal(413, (await node.AskAsync("/oauth2/token", OAuthNode.Form("ci", new string('x', 70_000)))).Status);
        Assert.Equal(413, (await node.AskAsync("/oauth2/token", Json($$"""{"client_secret":"{{new string('x', 70_000)}}"}"""))).Status);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static FormUrlEncodedContent Grant() => new([new("grant_type", "client_credentials")]);

    private static AuthenticationHeaderValue Basic(string id, string secret) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));
}

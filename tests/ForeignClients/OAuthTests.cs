using System.Text.Json.Nodes;
using Errand.AspNetCore;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.ForeignClients.Tests;

/// <summary>npm's oauth4webapi, which takes nothing on trust: metadata, token answers and signatures are checked as the RFCs say.</summary>
public sealed class OAuthTests
{
    [Theory]
    [InlineData("oauth2", true)]
    [InlineData("oidc", false)]
    public async Task Finds_the_token_endpoint_gets_a_token_checks_it_and_works_with_it(string algorithm, bool basic)
    {
        await using var server = await ForeignServer.StartAsync();
        server.Gate.Open();

        var lines = await RunAsync(server, algorithm, basic, scope: null);

        Assert.Contains("client_credentials", lines[0]["grants"]!.AsArray().Select(grant => (string?)grant));
        var token = lines[1]["token"]!;
        Assert.Equal(("bearer", "jobs.submit jobs.read"), ((string?)token["type"], (string?)token["scope"]));
        Assert.InRange((int)token["expires"]!, 61, 3600);
        Assert.Equal("robot", (string?)lines[2]["claims"]!["subject"]);
        Assert.Equal((200, 202), ((int)lines[3]["read"]!, (int)lines[4]["written"]!));
    }

    [Fact]
    public async Task Is_told_the_scope_that_a_narrowed_token_lacks()
    {
        await using var server = await ForeignServer.StartAsync();
        server.Gate.Open();

        var lines = await RunAsync(server, "oauth2", basic: true, scope: "jobs.read");

        Assert.Equal("jobs.read", (string?)lines[1]["token"]!["scope"]);
        Assert.Equal(200, (int)lines[3]["read"]!);
        Assert.Equal("""{"status":403,"error":"insufficient_scope","scope":"jobs.submit"}""", lines[4]["challenged"]!.ToJsonString());
    }

    [Theory]
    [InlineData("wrong", null, 401, "invalid_client")]
    [InlineData(null, "jobs.admin", 400, "invalid_scope")]
    public async Task Is_refused_with_the_error_of_the_standard(string? secret, string? scope, int status, string error)
    {
        await using var server = await ForeignServer.StartAsync();

        var refused = (await RunAsync(server, "oauth2", basic: false, scope, secret))[^1]["refused"]!;

        Assert.Equal((status, error), ((int)refused["status"]!, (string?)refused["error"]));
        Assert.NotEqual("", (string?)refused["description"] ?? "");
    }

    private static async Task<IReadOnlyList<JsonNode>> RunAsync(ForeignServer server, string algorithm, bool basic, string? scope, string? secret = null)
    {
        var made = await server.Services.GetRequiredService<OAuthClients>().CreateAsync(new NewClient("robot") { Tenant = "acme", Scopes = ["jobs.submit", "jobs.read"] });
        return await NodeProgram.RunAsync("oauth.mjs", new JsonObject
        {
            ["resource"] = server.Address.ToString(),
            ["clientId"] = "robot",
            ["secret"] = secret ?? made.Text,
            ["algorithm"] = algorithm,
            ["basic"] = basic,
            ["scope"] = scope,
            ["audience"] = "errand",
        });
    }
}

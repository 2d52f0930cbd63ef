using System.Net;
using System.Text.Json.Nodes;

namespace Errand.AspNetCore.Tests;

public sealed class DocumentTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Every_route_is_documented_with_what_it_takes_and_answers()
    {
        var document = await ReadAsync();
        Assert.Equal("3.1.1", document.Text("openapi"));
        foreach (var route in NativeApi.Routes.Where(r => !r.Hidden))
        {
            var operation = document["paths"]![$"/v1/{route.Pattern}"]![route.MethodList[0].ToLowerInvariant()]!;
            Assert.Equal(route.Name, operation.Text("operationId"));
            Assert.NotEqual("", operation.Text("summary"));
            var replies = operation["responses"]!.AsObject();
            Assert.All(route.Replies, r => Assert.Contains(r.Status.ToString(), replies));
            Assert.True(replies.ContainsKey("500"));
            Assert.Equal(route.Scope is not null, replies.ContainsKey("401"));
            if (route.Scope is { } scope) Assert.Equal(scope, (string)operation["security"]![0]!["token"]![0]!);
        }

        var names = NativeApi.Routes.Select(r => r.Name).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        var document = await ReadAsync();
        foreach (var reference in References(document))
        {
            var at = reference[2..].Split('/').Aggregate((JsonNode?)document, (node, step) => node?[step]);
            Assert.True(at is not null, reference);
        }
    }

    [Fact]
    public async Task Schemas_say_what_the_wire_says()
    {
        var schemas = (await ReadAsync())["components"]!["schemas"]!;
        var submit = schemas["SubmitJobRequest"]!;
        Assert.False((bool)submit["additionalProperties"]!);
        Assert.Equal("type", (string)submit["required"]![0]!);
        Assert.Equal("duration", submit["properties"]!["delay"]!.Text("format"));
        Assert.Equal("date-time", submit["properties"]!["runAt"]!.Text("format"));
        Assert.Contains("canceling", schemas["JobResource"]!["properties"]!["status"]!["enum"]!.AsArray().Select(w => (string)w!));
        Assert.Equal("#/components/schemas/JobLinks", schemas["JobResource"]!["properties"]!["links"]!.Text("$ref"));
    }

    [Fact]
    public async Task The_document_is_the_checked_in_one()
    {
        var served = (await (await server.As(null).FetchAsync("/openapi/v1.json")).Content.ReadAsStringAsync()).Replace(server.Address.AbsoluteUri.TrimEnd('/'), "https://errand.example", StringComparison.Ordinal);
        var path = Path.Combine(AppContext.BaseDirectory, "openapi.v1.json");
        if (Environment.GetEnvironmentVariable("ERRAND_ACCEPT") is { Length: > 0 } folder) await File.WriteAllTextAsync(Path.Combine(folder, "openapi.v1.json"), served + "\n");

        Assert.Equal((await File.ReadAllTextAsync(path)).TrimEnd(), served.TrimEnd());
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(m => m.Key == "$ref" ? [(string)m.Value!] : References(m.Value)),
        JsonArray a => a.SelectMany(References),
        _ => [],
    };

    private Task<JsonNode> ReadAsync() => server.As(null).FetchAsync("/openapi/v1.json").JsonAsync(HttpStatusCode.OK);
}

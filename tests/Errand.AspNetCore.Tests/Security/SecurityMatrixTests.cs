using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.AspNetCore.Tests;

/// <summary>Every mapped route × who asks. The routes are read off the running app, so that a new one cannot be forgotten.</summary>
public sealed partial class SecurityMatrixTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static readonly string Unknown = new('0', 32);

    [Fact]
    public async Task Without_credentials_every_route_but_the_open_ones_is_a_401()
    {
        foreach (var (route, method) in Routes(scoped: true))
        {
            var nobody = server.As(null);
            var bad = server.As(null);
            bad.DefaultRequestHeaders.Authorization = new("Bearer", $"errand_0123456789abcdef_{new string('a', 43)}");
            await ExpectAsync(nobody, method, PathOf(route, Unknown), 401, "no token");
            await ExpectAsync(bad, method, PathOf(route, Unknown), 401, "bad token");
        }
    }

    [Fact]
    public async Task Without_the_scope_every_route_is_a_403_whether_or_not_the_job_is_there()
    {
        var id = await server.As().SubmitAsync("""{"type":"test.later"}""");
        foreach (var (route, method) in Routes(scoped: true))
        {
            await ExpectAsync(server.As("none"), method, PathOf(route, id), 403, "wrong scope");
            await ExpectAsync(server.As("none"), method, PathOf(route, Unknown), 403, "wrong scope");
        }
    }

    [Fact]
    public async Task One_scope_opens_exactly_the_routes_that_ask_for_it()
    {
        foreach (var scope in ErrandScopes.All.Except([ErrandScopes.Admin]))
        {
            var client = server.As(null);
            client.DefaultRequestHeaders.Authorization = new("Bearer", (await server.Tokens.CreateAsync(new NewToken("s") { Tenant = "scopes", Scopes = [scope] })).Text);
            foreach (var (route, method) in Routes(scoped: true))
            {
                using var answer = await SendAsync(client, method, PathOf(route, Unknown));
                Assert.True(answer.StatusCode is HttpStatusCode.Forbidden != (route.Scope == scope), $"{scope}: {method} {route.Pattern} answered {(int)answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task Somebody_elses_job_answers_like_one_that_is_not_there_byte_for_byte()
    {
        var bodies = new[] { ("waiting", await server.As().SubmitAsync("""{"type":"test.later","input":1}""")), ("finished", (await server.As().RunAsync("""{"type":"test.fail"}""")).Text("id")) };
        foreach (var (what, id) in bodies)
        {
            foreach (var (route, method) in Routes(scoped: true).Where(r => r.Route.Pattern.Contains("{id}", StringComparison.Ordinal) && r.Method != "PUT"))
            {
                foreach (var (who, client) in Strangers(route))
                {
                    var foreign = await DescribeAsync(await SendAsync(client, method, PathOf(route, id)));
                    var unknown = await DescribeAsync(await SendAsync(client, method, PathOf(route, Unknown)));
                    Assert.True(foreign == unknown, $"{method} {route.Pattern} of a {what} job for {who}:\n{foreign}\nbut of an unknown one\n{unknown}");
                    Assert.StartsWith("404", foreign, StringComparison.Ordinal);
                }
            }
        }

        foreach (var (_, id) in bodies) Assert.Equal(HttpStatusCode.OK, (await server.As().FetchAsync($"jobs/{id}")).StatusCode);
    }

    [Fact]
    public async Task The_owner_and_the_admin_reach_the_job_by_every_route()
    {
        foreach (var (route, method) in Routes(scoped: true).Where(r => r.Route.Pattern.Contains("{id}", StringComparison.Ordinal) && !r.Route.Pattern.Contains("{outputId}", StringComparison.Ordinal)))
        {
            foreach (var person in (string[])["ada", "boss"])
            {
                var id = await server.As().SubmitAsync("""{"type":"test.later","input":1}""");
                var client = server.As(person);
                using var answer = await SendAsync(client, method, PathOf(route, id));
                var allowed = person == "boss" || ApiServer.People["ada"].Scopes.Contains(route.Scope!);
                Assert.True(
                    allowed ? (int)answer.StatusCode is not (401 or 403 or 404 or 410) : answer.StatusCode is HttpStatusCode.Forbidden,
                    $"{method} {route.Pattern} as {person} answered {(int)answer.StatusCode}");
            }
        }
    }

    [Fact]
    public void Every_endpoint_under_the_prefix_is_in_the_table_and_asks_for_a_scope_or_is_known_to_be_open()
    {
        var endpoints = server.App.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal)).ToList();
        var open = endpoints.Where(e => e.Metadata.GetMetadata<ApiRoute>() is not { Scope: not null }).Select(e => e.RoutePattern.RawText).Order(StringComparer.Ordinal);

        Assert.Equal(["/v1/problems/{name}", "/v1/{**rest}"], open);
        Assert.Equal(NativeApi.Routes.Count + 1, endpoints.Count);
        Assert.All(NativeApi.Routes.Where(r => r.Scope is not null), r => Assert.Contains(r.Scope, ErrandScopes.All));
    }

    private IEnumerable<(ApiRoute Route, string Method)> Routes(bool scoped) =>
        server.App.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints)
            .Select(e => (Route: e.Metadata.GetMetadata<ApiRoute>(), Methods: e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods))
            .Where(e => e.Route is not null && e.Route.Scope is not null == scoped)
            .SelectMany(e => e.Methods!.Select(m => (e.Route!, m)));

    private IEnumerable<(string Who, HttpClient Client)> Strangers(ApiRoute route)
    {
        if (ApiServer.People["bob"].Scopes.Contains(route.Scope!)) yield return ("another owner", server.As("bob"));
        yield return ("another tenant", server.As("eve"));
    }

    private static string PathOf(ApiRoute route, string id) => PathPart().Replace(route.Pattern, m => m.Value == "{id}" ? id : "x");

    private static async Task ExpectAsync(HttpClient client, string method, string path, int status, string why)
    {
        using var answer = await SendAsync(client, method, path);
        Assert.True((int)answer.StatusCode == status, $"{method} {path} with {why} answered {(int)answer.StatusCode}");
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path) => method switch
    {
        "PATCH" => client.SayAsync(method, path, "{}"),
        "PUT" when path.StartsWith("jobs", StringComparison.Ordinal) => client.SayAsync(method, path, """{"type":"test.later"}"""),
        _ => client.SayAsync(method, path),
    };

    /// <summary>Everything of an answer but what is new for each: the ids of the request, and the clock.</summary>
    private static async Task<string> DescribeAsync(HttpResponseMessage answer)
    {
        var text = new StringBuilder().Append((int)answer.StatusCode).Append('\n');
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key != "Date").OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append(": ").AppendJoin(", ", values).Append('\n');
        }

        var body = await answer.Content.ReadAsStringAsync();
        answer.Dispose();
        return text.Append(Random().Replace(body, "…")).ToString();
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex PathPart();

    [GeneratedRegex(@"(?<=""instance"":""urn:uuid:)[0-9a-f-]{36}|(?<=""traceId"":"")[0-9a-f]{32}")]
    private static partial Regex Random();
}

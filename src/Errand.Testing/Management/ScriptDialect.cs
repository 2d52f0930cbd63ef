using System.Text.Json;
using Errand.AspNetCore;
using Errand.Testing.Stage;
using Microsoft.AspNetCore.Http;

namespace Errand.Testing.Management;

/// <summary>
/// Where the scripts of a running server are set: <c>/fake/scripts</c> and <c>/fake/{vendor}/scripts</c>, for callers with <c>jobs.admin</c>. A wire like the vendors', so that whoever calls is
/// known the same way.
/// </summary>
internal sealed class ScriptDialect(Plays plays) : IWireDialect
{
    public const string DialectName = "fake";

    public string Name => DialectName;

    public IReadOnlyList<string> Reserved => ["/fake"];

    public IReadOnlyList<DialectRoute> Routes =>
    [
        new("GET", "/fake/scripts", call => AnswerAsync(call, plays.All)) { Scope = ErrandScopes.Admin },
        new("DELETE", "/fake/scripts", call => ClearAsync(call, plays.All)) { Scope = ErrandScopes.Admin },
        new("POST", "/fake/{vendor}/scripts", AddAsync) { Scope = ErrandScopes.Admin },
        new("DELETE", "/fake/{vendor}/scripts", call => ClearAsync(call, [PlayOf(call)])) { Scope = ErrandScopes.Admin },
    ];

    public Task WriteProblemAsync(HttpContext http, DialectProblem problem)
    {
        if (problem.Allow.Count > 0) http.Response.Headers.Allow = string.Join(", ", problem.Allow);
        return http.WriteJsonAsync(
            new FakeProblem(problem.Status, problem.Detail, problem.Name.Replace('-', '_')), FakeJson.Default.FakeProblem, problem.Status, "application/problem+json");
    }

    private async Task AddAsync(DialectCall call)
    {
        var play = PlayOf(call);
        play.Scripts.Add(Read(await call.ReadBodyAsync()));
        await AnswerAsync(call, [play], 201);
    }

    private static Task ClearAsync(DialectCall call, IReadOnlyCollection<Play> cleared)
    {
        foreach (var play in cleared) play.Scripts.Clear();
        return AnswerAsync(call, cleared);
    }

    private static Task AnswerAsync(DialectCall call, IReadOnlyCollection<Play> shown, int status = 200) =>
        call.Http.WriteJsonAsync(new FakeOverview([.. shown.Select(Describe)]), FakeJson.Default.FakeOverview, status);

    private static FakeDescription Describe(Play play) => new(
        play.Vendor, [.. play.Scripts.Waiting.Select(script => script.ToString())],
        [.. play.Live.OrderBy(course => course.Key.Id).Select(course => new FakeJob(course.Key.Id.ToString(), course.Script.ToString(), course.Phase.ToString().ToLowerInvariant(), course.Polls))]);

    private Play PlayOf(DialectCall call)
    {
        var vendor = call.RouteValue("vendor");
        return plays.Find(vendor) ?? throw new DialectProblemException(new DialectProblem(
            404, JobProblems.NotFound, VendorNames.FaultOf(vendor) ?? $"This server does not stand in for {vendor}: start it with errand dev --fake {vendor}."));
    }

    /// <summary><c>{"script": "after 3 polls complete"}</c>, or the JSON form in place of the text.</summary>
    private static VendorScript Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.TryGetProperty("script", out var script))
            {
                if (script.ValueKind is JsonValueKind.String) return VendorScript.Parse(script.GetString()!);
                if (script.ValueKind is JsonValueKind.Object) return VendorScript.FromJson(script.GetRawText());
            }

            throw Refused("script: a text is expected, as {\"script\": \"after 3 polls complete\"}, or a script's JSON form.");
        }
        catch (JsonException e)
        {
            throw Refused($"The body is not JSON: {e.Message}");
        }
        catch (FormatException e)
        {
            throw Refused(e.Message);
        }
    }

    private static DialectProblemException Refused(string detail) => new(new DialectProblem(400, JobProblems.InvalidRequest, detail));
}

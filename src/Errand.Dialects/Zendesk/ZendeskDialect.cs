using Errand.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Errand.Dialects.Zendesk;

/// <summary>The job statuses of Zendesk and the bulk endpoints that begin jobs.</summary>
internal sealed class ZendeskDialect : IWireDialect
{
    private const string Root = "/api/v2";

    private readonly ZendeskOptions options;
    private readonly ZendeskRates rates;

    public ZendeskDialect(IOptions<ZendeskOptions> options, IOptions<ErrandApiOptions> api)
    {
        this.options = options.Value;
        rates = new ZendeskRates(api.Value.RateLimits);
        Routes = [.. MakeRoutes()];
    }

    public string Name => ZendeskRates.Wire;

    public IReadOnlyList<DialectRoute> Routes { get; }

    public IReadOnlyList<string> Reserved => [Root];

    public void Begin(HttpContext http) => rates.Begin(http);

    public void WriteRate(HttpContext http, RateStanding standing) => ZendeskRates.Write(http, standing.Policy.Requests, standing.Remaining);

    public Task WriteProblemAsync(HttpContext http, DialectProblem problem) => ZendeskProblems.WriteAsync(http, problem);

    private IEnumerable<DialectRoute> MakeRoutes()
    {
        var reading = new ZendeskReading(options, new ZendeskMapping(options));
        var starting = new ZendeskStarting(reading);

        // An id takes its suffix along, so that route needs no second form.
        yield return new("GET", Root + "/job_statuses/{id}", Guarded(reading.ShowAsync));
        foreach (var suffix in new[] { "", ".json" })
        {
            yield return new("GET", $"{Root}/job_statuses{suffix}", Guarded(reading.ListAsync));
            yield return new("GET", $"{Root}/job_statuses/show_many{suffix}", Guarded(reading.ShowManyAsync));
        }

        foreach (var (starter, type) in ZendeskStarters.Mapped(options))
        {
            var answer = Guarded(starting.For(starter, type));
            yield return new(starter.Method, $"{Root}/{starter.Key}", answer);
            if (!starter.Key.EndsWith('}')) yield return new(starter.Method, $"{Root}/{starter.Key}.json", answer);
        }
    }

    private Func<DialectCall, Task> Guarded(Func<DialectCall, Task> answer) => call =>
    {
        if (options.AgentsOnly && !IsAgent(call.Principal))
        {
            throw new DialectProblemException(
                new DialectProblem(403, JobProblems.InsufficientScope, "You do not have access to this page. Please contact the account owner of this help desk for further help."));
        }

        return answer(call);
    };

    private static bool IsAgent(ErrandPrincipal principal) => principal.Caller.SeesAll || principal.Roles.Any(role => role != "viewer");
}

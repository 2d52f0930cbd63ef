using Errand.AspNetCore;

namespace Errand.Testing.Stage;

/// <summary>What a request is to the play.</summary>
internal enum SightKind
{
    /// <summary>Something else: it sees the jobs as they are.</summary>
    Other,

    /// <summary>It begins a job.</summary>
    Start,

    /// <summary>It looks at single jobs.</summary>
    Poll,

    /// <summary>It looks at all of them.</summary>
    List,
}

/// <summary>A request as the play sees it.</summary>
internal readonly record struct VendorSight(SightKind Kind, IReadOnlyList<string> Ids)
{
    private static readonly VendorSight Other = new(SightKind.Other, []);

    /// <summary>Reads the route that took a request.</summary>
    public static VendorSight Of(string vendor, DialectRoute route, DialectCall call)
    {
        if (route.Open) return Other;
        if (route.Methods != "GET") return new(SightKind.Start, []);
        return vendor switch
        {
            VendorNames.Zendesk => OfZendesk(route.Pattern, call),
            VendorNames.Workiva => OfWorkiva(route.Pattern, call),
            _ => OfAlteryx(route.Pattern, call),
        };
    }

    private static VendorSight OfZendesk(string pattern, DialectCall call)
    {
        if (pattern.EndsWith("/job_statuses/{id}", StringComparison.Ordinal)) return Poll(Bare(call.RouteValue("id")));
        if (pattern.Contains("/show_many", StringComparison.Ordinal))
        {
            return new(SightKind.Poll, [.. call.Request.Query["ids"].SelectMany(ids => (ids ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))]);
        }

        return pattern.Contains("/job_statuses", StringComparison.Ordinal) ? new(SightKind.List, []) : Other;
    }

    private static VendorSight OfWorkiva(string pattern, DialectCall call) =>
        pattern.EndsWith("/operations/{operationId}", StringComparison.Ordinal) ? Poll(call.RouteValue("operationId"))
        : pattern.EndsWith("/queue-jobs/{jobId}", StringComparison.Ordinal) ? Poll(call.RouteValue("jobId"))
        : Other;

    private static VendorSight OfAlteryx(string pattern, DialectCall call) =>
        pattern is "/v3/jobs/{id}" or "/v3/jobs/{id}/messages" ? Poll(call.RouteValue("id"))
        : pattern.EndsWith("/jobs", StringComparison.Ordinal) ? new(SightKind.List, [])
        : Other;

    private static VendorSight Poll(string id) => new(SightKind.Poll, [id]);

    private static string Bare(string id) => id.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? id[..^5] : id;
}

using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary><c>GET /stats</c>.</summary>
internal static class GetStats
{
    public static readonly ApiRoute Route = new("getStats", "GET", "stats", ErrandScopes.Read, AnswerAsync)
    {
        Tag = "Stats",
        Summary = "Counts the jobs of the caller's tenant, from rolled-up figures.",
        Replies = [new(200, "The counts.", typeof(StatsResource))],
    };

    private static async Task AnswerAsync(ApiCall call)
    {
        var tenant = call.Principal.Caller.Tenant;
        var lanes = await call.Api.Queues.CountAsync(tenant, call.Aborted);
        var workers = (await call.Api.Queues.ListWorkersAsync(call.Aborted)).Where(w => w.ExpiresAt > call.Now && (w.Tenant is null || w.Tenant == tenant)).ToList();
        var jobs = Enum.GetValues<JobState>().ToDictionary(WireWords.Of, s => lanes.Where(l => l.State == s).Sum(l => l.Jobs), StringComparer.Ordinal);
        var resource = new StatsResource
        {
            AsOf = call.Now,
            Jobs = jobs,
            Lanes = [.. lanes.Where(l => l.Jobs > 0).Select(l => new LaneResource(l.Queue, l.Type, WireWords.Of(l.State), l.Jobs))],
            Workers = workers.Count,
            Slots = workers.Sum(w => w.Slots),
        };
        await call.JsonAsync(200, resource, ErrandJsonContext.Default.StatsResource);
    }
}

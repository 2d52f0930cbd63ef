using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary><c>/job-types</c>.</summary>
internal static class JobTypes
{
    public static readonly ApiRoute List = new("listJobTypes", "GET", "job-types", ErrandScopes.Read, ListAsync)
    {
        Tag = "Types",
        Summary = "Lists the types that can be submitted.",
        Replies = [new(200, "All of them.", typeof(Page<JobTypeResource>))],
    };

    public static readonly ApiRoute Get = new("getJobType", "GET", "job-types/{type}", ErrandScopes.Read, GetAsync)
    {
        Tag = "Types",
        Summary = "Reads a type.",
        Replies = [new(200, "The type.", typeof(JobTypeResource)), new(404, "Unknown.")],
    };

    private static async Task ListAsync(ApiCall call)
    {
        var types = await call.Api.Types.ListAsync(call.Aborted);
        await call.JsonAsync(
            200, new Page<JobTypeResource> { Items = [.. types.Where(t => !t.Type.Internal).Select(Map)] }, ErrandJsonContext.Default.PageJobTypeResource);
    }

    private static async Task GetAsync(ApiCall call)
    {
        var name = call.RouteValue("type");
        var types = await call.Api.Types.ListAsync(call.Aborted);
        var type = types.FirstOrDefault(t => !t.Type.Internal && (t.Type.Name == name || t.Type.Aliases.Contains(name)))
            ?? throw new ApiProblemException(ApiProblem.NotFound);
        await call.JsonAsync(200, Map(type), ErrandJsonContext.Default.JobTypeResource);
    }

    private static JobTypeResource Map(KnownType known) => new()
    {
        Name = known.Type.Name,
        Aliases = known.Type.Aliases,
        Description = known.Type.Description,
        Queue = known.Type.Queue,
        Handler = known.Type.Handler,
        MaxAttempts = known.Type.MaxAttempts,
        Timeout = known.Type.Timeout,
        InputVersion = known.Type.InputVersion,
        InputSchema = known.Type.InputSchema.IsEmpty ? null : new RawJson(known.Type.InputSchema),
        RequireIdempotencyKey = known.Type.RequireIdempotencyKey,
        Workers = known.Workers,
    };
}

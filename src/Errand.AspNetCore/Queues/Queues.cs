using System.Text.Json;
using Errand.Contracts;
using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary><c>/queues</c>.</summary>
internal static class Queues
{
    public static readonly ApiRoute List = new("listQueues", "GET", "queues", ErrandScopes.Read, ListAsync)
    {
        Tag = "Queues",
        Summary = "Lists the queues with the caller's tenant's counts.",
        Replies = [new(200, "All of them.", typeof(Page<QueueResource>))],
    };

    public static readonly ApiRoute Get = new("getQueue", "GET", "queues/{queue}", ErrandScopes.Read, GetAsync)
    {
        Tag = "Queues",
        Summary = "Reads a queue.",
        Replies = [new(200, "The queue.", typeof(QueueResource)), new(404, "Unknown.")],
    };

    public static readonly ApiRoute Update = new("updateQueue", "PATCH", "queues/{queue}", ErrandScopes.ManageQueues, UpdateAsync)
    {
        Tag = "Queues",
        Summary = "Pauses or resumes a queue, and sets its limits, for all tenants and nodes.",
        Consumes = [MediaTypes.MergePatch, MediaTypes.Json],
        Body = typeof(UpdateQueueRequest),
        Replies = [new(200, "The queue.", typeof(QueueResource)), new(404, "No queue can have this name.")],
    };

    private static async Task ListAsync(ApiCall call)
    {
        var queues = await call.Api.Queues.ListAsync(call.Principal.Caller.Tenant, call.Aborted);
        await call.JsonAsync(200, new Page<QueueResource> { Items = [.. queues.Select(Map)] }, ErrandJsonContext.Default.PageQueueResource);
    }

    private static async Task GetAsync(ApiCall call)
    {
        var queue = await FindAsync(call) ?? throw new ApiProblemException(ApiProblem.NotFound);
        await call.JsonAsync(200, Map(queue), ErrandJsonContext.Default.QueueResource);
    }

    private static async Task UpdateAsync(ApiCall call)
    {
        var body = await JsonBody.ReadAsync(call);
        var request = JsonBody.Bind(body, JsonBody.Strict.UpdateQueueRequest);
        if (request.MaxConcurrency is < 1) throw new ApiProblemException(ApiProblem.Invalid("#/maxConcurrency", "At least 1; pause the queue to run none, or give null for no limit."));
        if (request.Rate is { } rate && !(rate > 0 && double.IsFinite(rate))) throw new ApiProblemException(ApiProblem.Invalid("#/rate", "More than 0 jobs a second; pause the queue to start none, or give null for no limit."));
        var name = call.RouteValue("queue");
        if (!JobNames.IsTypeOrQueue(name)) throw new ApiProblemException(ApiProblem.NotFound);

        using var patch = JsonDocument.Parse(body);
        var before = (await FindAsync(call))?.Settings ?? new QueueSettings(name);
        await call.Api.Queues.SaveAsync(
            before with
            {
                Paused = request.Paused ?? before.Paused,
                MaxConcurrency = patch.RootElement.TryGetProperty("maxConcurrency", out _) ? request.MaxConcurrency : before.MaxConcurrency,
                Rate = patch.RootElement.TryGetProperty("rate", out _) ? request.Rate : before.Rate,
            },
            call.Aborted);
        var after = await FindAsync(call) ?? throw new ApiProblemException(ApiProblem.NotFound);
        await call.JsonAsync(200, Map(after), ErrandJsonContext.Default.QueueResource);
    }

    private static async ValueTask<QueueStatus?> FindAsync(ApiCall call) =>
        (await call.Api.Queues.ListAsync(call.Principal.Caller.Tenant, call.Aborted)).FirstOrDefault(q => q.Settings.Name == call.RouteValue("queue"));

    private static QueueResource Map(QueueStatus queue) => new()
    {
        Name = queue.Settings.Name,
        Paused = queue.Settings.Paused,
        MaxConcurrency = queue.Settings.MaxConcurrency,
        Rate = queue.Settings.Rate,
        Queued = queue.Queued,
        Running = queue.Running,
        OldestDueAt = queue.OldestDueAt,
    };
}

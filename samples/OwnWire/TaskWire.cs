using System.Text.Json;
using System.Text.Json.Serialization;
using Errand;
using Errand.AspNetCore;

/// <summary>The status shape that this app's clients have always read: <c>GET /tasks/{id}</c>, its own words, its own error body.</summary>
public sealed class TaskWire : IWireDialect
{
    public string Name => "tasks";

    public IReadOnlyList<DialectRoute> Routes => [new("GET", "/{id}", ShowAsync) { Scope = "jobs.read" }, new("DELETE", "/{id}", StopAsync) { Scope = "jobs.cancel" }];

    public Task WriteProblemAsync(HttpContext http, DialectProblem problem)
    {
        if (problem.Allow.Count > 0) http.Response.Headers.Allow = string.Join(", ", problem.Allow);
        if (problem.RetryAfter is { } after) http.Response.Headers.RetryAfter = $"{Math.Max(1, (int)after.TotalSeconds)}";
        return http.WriteJsonAsync(new Trouble(problem.Name, problem.Detail), TaskJson.Default.Trouble, problem.Status);
    }

    private static async Task ShowAsync(DialectCall call) => await AnswerAsync(call, DialectCall.Found(await call.Jobs.FindAsync(call.JobIdOf())));

    private static async Task StopAsync(DialectCall call) => await AnswerAsync(call, await call.Jobs.CancelAsync(call.JobIdOf()));

    private static Task AnswerAsync(DialectCall call, Job job) => call.Http.WriteJsonAsync(
        new TaskView($"{job.Head.Id}", Word(job.Head.StatusAt(call.Now)), job.Progress?.Percent, job.Head.Error?.Message), TaskJson.Default.TaskView);

    private static string Word(JobStatus status) => status switch
    {
        JobStatus.Scheduled or JobStatus.Queued => "waiting",
        JobStatus.Running or JobStatus.Canceling => "working",
        JobStatus.Succeeded => "ready",
        JobStatus.Failed => "broken",
        _ => "stopped",
    };
}

public sealed record TaskView(string Task, string State, double? Percent, string? Why);

public sealed record Trouble(string Oops, string Because);

[JsonSerializable(typeof(TaskView)), JsonSerializable(typeof(Trouble))]
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
public sealed partial class TaskJson : JsonSerializerContext;

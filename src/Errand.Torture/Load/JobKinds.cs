using System.Text.Json.Nodes;

namespace Errand.Torture.Load;

/// <summary>The kinds of jobs that are submitted, and the configuration that runs them.</summary>
internal static class JobKinds
{
    public const string Http = "torture.http";
    public const string Batch = "torture.batch";
    public const string File = "torture.file";

    /// <summary>Run by workers in processes of their own, over HTTP.</summary>
    public const string Remote = "torture.remote";

    public const int ItemsPerBatch = 20;

    /// <summary>The item that the target refuses.</summary>
    public const int FailedItems = 1;

    public const int OutputBytes = 200_000;

    private const int AttemptsMax = 50;
    private static readonly string Items = string.Join(',', Enumerable.Range(0, ItemsPerBatch).Select(n => "{\"n\":" + n + "}"));

    /// <summary>The <c>types</c> of a server's configuration.</summary>
    public static JsonObject Types(string target) => new()
    {
        [Http] = new JsonObject { ["handler"] = "http", ["url"] = $"{target}/run", ["maxAttempts"] = AttemptsMax },
        [Batch] = new JsonObject
        {
            ["handler"] = "http.batch",
            ["url"] = $"{target}/item/{{n}}",
            ["concurrency"] = 4,
            ["maxAttempts"] = AttemptsMax,
            ["itemAttempts"] = 1,
        },
        [File] = new JsonObject
        {
            ["handler"] = "command",
            ["command"] = new JsonArray("sh", "-c", $"head -c {OutputBytes} /dev/zero | tr '\\0' 'x' > out.txt; echo done"),
            ["outputs"] = new JsonArray("*.txt"),
            ["maxAttempts"] = AttemptsMax,
        },
        [Remote] = new JsonObject { ["handler"] = "none", ["maxAttempts"] = AttemptsMax },
    };

    /// <summary>The body of a submit.</summary>
    public static (string Type, string Body) Draw(Random random) => random.Next(100) switch
    {
        < 8 => (Batch, $$"""{"type":"{{Batch}}","items":[{{Items}}] }"""),
        < 14 => (File, $$"""{"type":"{{File}}","input":{"what":"bytes"} }"""),
        < 20 => (Http, $$"""{"type":"{{Http}}","input":{"n":1},"delay":"PT{{1 + random.Next(5)}}S"}"""),
        < 45 => (Remote, $$"""{"type":"{{Remote}}","input":{"n":1},"priority":{{random.Next(10)}} }"""),
        _ => (Http, $$"""{"type":"{{Http}}","input":{"n":1},"priority":{{random.Next(10)}} }"""),
    };
}

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
            // Where the disk is full the program says so by the exit code that asks for another attempt (EX_TEMPFAIL): a short file that it calls done is not torn by Errand.
            ["command"] = new JsonArray("sh", "-c", $"head -c {OutputBytes} /dev/zero | tr '\\0' 'x' > out.txt && echo done || exit 75"),
            ["outputs"] = new JsonArray("*.txt"),
            ["maxAttempts"] = AttemptsMax,
        },
        [Remote] = new JsonObject { ["handler"] = "none", ["maxAttempts"] = AttemptsMax },
    };

    /// <summary>The type and the body of a submit.</summary>
    public static (string Type, string Body) Draw(Random random) => random.Next(100) < 25 ? Of(Remote, random) : DrawLocal(random);

    /// <summary>The same, but only what a server runs by itself.</summary>
    public static (string Type, string Body) DrawLocal(Random random) => random.Next(100) switch
    {
        < 10 => (Batch, $$"""{"type":"{{Batch}}","items":[{{Items}}] }"""),
        < 18 => (File, $$"""{"type":"{{File}}","input":{"what":"bytes"} }"""),
        < 26 => (Http, $$"""{"type":"{{Http}}","input":{"n":1},"delay":"PT{{1 + random.Next(5)}}S"}"""),
        _ => Of(Http, random),
    };

    private static (string Type, string Body) Of(string type, Random random) => (type, $$"""{"type":"{{type}}","input":{"n":1},"priority":{{random.Next(10)}} }""");
}

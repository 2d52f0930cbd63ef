using System.Text.Json;

namespace Errand.Peers;

/// <summary>How much of each workload one process does. The same file is read by the contenders on Node.</summary>
/// <param name="Jobs">How many jobs are queued when execution starts.</param>
/// <param name="PerCall">How many jobs a bulk call submits.</param>
/// <param name="BulkCallers">How many bulk calls are under way at once.</param>
/// <param name="Singles">At most this many jobs are submitted one at a time, for each number of callers.</param>
/// <param name="SingleSeconds">And for at most this long.</param>
/// <param name="Samples">How many jobs are submitted to an idle system.</param>
/// <param name="Warm">How many jobs run before anything is measured.</param>
/// <param name="CapSeconds">How long filling the queue, and executing it, may take.</param>
public sealed record Plan(int Jobs, int PerCall, int BulkCallers, int Singles, double SingleSeconds, int Samples, int Warm, double CapSeconds)
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    /// <summary>The plan that the process was started with.</summary>
    public static Plan FromEnvironment() =>
        JsonSerializer.Deserialize<Plan>(Environment.GetEnvironmentVariable("PEERS_PLAN") ?? throw new InvalidOperationException("PEERS_PLAN is not set: start this through eng/bench-peers.sh."), Names)!;

    /// <summary>The plan as text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Names);
}

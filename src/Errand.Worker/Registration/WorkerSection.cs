using Errand.Configuration;
using Microsoft.Extensions.Logging;

namespace Errand.Worker;

/// <summary>The worker's options as the app's configuration names them.</summary>
internal static class WorkerSection
{
    public const string Name = "Errand:Worker";

    public static readonly SectionKey<WorkerOptions>[] Keys =
    [
        SectionKey.Text<WorkerOptions>("Name", "batch-1", (options, value) => options.Name = value),
        SectionKey.Count<WorkerOptions>("Slots", "16", (options, value) => options.Slots = value),
        SectionKey.Count<WorkerOptions>("MaxPrefetch", "1000", (options, value) => options.MaxPrefetch = value),
        SectionKey.Text<WorkerOptions>("Queues", "bulk,default", AddQueues),
        SectionKey.Text<WorkerOptions>("Tenant", "acme", (options, value) => options.Tenant = value),
        SectionKey.Time<WorkerOptions>("StopGrace", "00:00:10", (options, value) => options.StopGrace = value),
        SectionKey.Time<WorkerOptions>("DrainTimeout", "00:00:30", (options, value) => options.DrainTimeout = value),
        SectionKey.Time<WorkerOptions>("PollInterval", "00:00:02", (options, value) => options.PollInterval = value),
        SectionKey.Of<WorkerOptions, LogLevel>("MessagesFrom", "\"Information\"", ReadLevel, (options, value) => options.MessagesFrom = value),
    ];

    private static void AddQueues(WorkerOptions options, string text)
    {
        foreach (var queue in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) options.Queues.Add(queue);
    }

    private static bool ReadLevel(string text, out LogLevel value) => Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value);
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace Errand.Worker;

/// <summary>How this process works on jobs.</summary>
public sealed class WorkerOptions
{
    /// <summary>The worker's name, for people: shown with sessions and attempts. Default: host and process id.</summary>
    public string Name { get; set; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>How many handlers run at once. Default: twice the number of processors, at least 4.</summary>
    /// <value>1 to 10,000.</value>
    public int Slots { get; set; } = Math.Max(4, 2 * Environment.ProcessorCount);

    /// <summary>
    /// At most this many jobs are claimed ahead of the free slots. How many really are follows from how long handlers take: none for
    /// handlers of a second, hundreds for handlers of microseconds. Default: 1,000.
    /// </summary>
    /// <value>0 to 10,000.</value>
    public int MaxPrefetch { get; set; } = 1000;

    /// <summary>The queues that jobs are taken from. Default: none named, which means every queue.</summary>
    public IList<string> Queues { get; } = [];

    /// <summary>Only jobs of this tenant. Default: null, every tenant.</summary>
    public string? Tenant { get; set; }

    /// <summary>
    /// How long a handler that was told to stop may take. Then its job is settled without it, while its slot stays taken until it
    /// really returns. Default: 10 seconds.
    /// </summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long running handlers may go on when the host stops, before they are told to stop and their jobs are given back. The host's
    /// own shutdown timeout (30 seconds unless set) ends it too. Default: 30 seconds.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often an idle worker looks for jobs although nothing woke it. Default: 2 seconds.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// From this level on, what a handler logs through <c>ILogger</c> becomes messages of its job, which whoever may see the job reads.
    /// Lines of Errand's own categories never do. Filter further under <c>Logging:ErrandJob:LogLevel</c>. Default: none.
    /// </summary>
    public LogLevel MessagesFrom { get; set; } = LogLevel.None;

    /// <summary>
    /// How inputs are read and results written. Default: the web defaults; where reflection is off (AOT), add the application's
    /// <c>JsonSerializerContext</c> to its <see cref="JsonSerializerOptions.TypeInfoResolverChain"/>.
    /// </summary>
    public JsonSerializerOptions SerializerOptions { get; set; } = new(JsonSerializerDefaults.Web) { TypeInfoResolver = DefaultResolver() };

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Taken only where reflection is on, which trimmed and AOT apps switch off.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Taken only where reflection is on, which trimmed and AOT apps switch off.")]
    private static IJsonTypeInfoResolver DefaultResolver() =>
        JsonSerializer.IsReflectionEnabledByDefault ? new DefaultJsonTypeInfoResolver() : JsonTypeInfoResolver.Combine();
}

using System.Text.Json;
using Errand.Work;

namespace Errand;

/// <summary>What is injected where no job runs, such as into an endpoint while its request is only being accepted.</summary>
internal sealed class NoJobContext : JobContext
{
    public static readonly NoJobContext Instance = new();

    public override JobHead Head => throw NoJob();

    public override JobDetails Details => throw NoJob();

    public override JobInput Input => throw NoJob();

    public override IServiceProvider Services => throw NoJob();

    public override JsonSerializerOptions SerializerOptions => throw NoJob();

    public override void Report(JobProgress value) => throw NoJob();

    public override ValueTask LogAsync(JobSeverity severity, string text, int? source = null, CancellationToken cancellationToken = default) => throw NoJob();

    public override ValueTask<JobItemCounts> WriteItemsAsync(IReadOnlyList<JobItem> items, CancellationToken cancellationToken = default) => throw NoJob();

    public override ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(int after, int limit, CancellationToken cancellationToken = default) => throw NoJob();

    public override IAsyncEnumerable<JobItemInput> ReadItemsAsync(CancellationToken cancellationToken = default) => throw NoJob();

    public override ValueTask<JobOutput> PublishAsync(OutputDraft draft, CancellationToken cancellationToken = default) => throw NoJob();

    private static InvalidOperationException NoJob() => new(
        "No job runs in this service scope. JobContext and IProgress<JobProgress> work inside a handler, or in an endpoint that carries .RunsAsJob(\"type\").");
}

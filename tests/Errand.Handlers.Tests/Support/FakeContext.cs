using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Errand.Work;

namespace Errand.Handlers.Tests;

/// <summary>An attempt without a worker: keeps what the handler reports.</summary>
internal sealed class FakeContext : JobContext
{
    private readonly SortedDictionary<int, JobItem> _stored = [];
    private readonly Lock _gate = new();

    public override JobHead Head { get; } = new()
    {
        Tenant = "default",
        Id = new JobId(Guid.NewGuid()),
        Type = "test.job",
        Queue = "default",
        Owner = "me",
        CreatedAt = DateTimeOffset.UnixEpoch,
        State = JobState.Running,
        Attempt = 2,
    };

    public JobDetails Said { get; set; } = JobDetails.None;

    public string Json { get; set; } = "";

    public IEnumerable<string> Items { get; set; } = [];

    public ConcurrentQueue<JobProgress> Progress { get; } = [];

    public ConcurrentQueue<JobMessage> Messages { get; } = [];

    public ConcurrentDictionary<string, string> Outputs { get; } = [];

    public List<OutputDraft> Drafts { get; } = [];

    public List<int> Batches { get; } = [];

    public Action<IReadOnlyList<JobItem>> OnItems { get; set; } = _ => { };

    public Action<string> OnLog { get; set; } = _ => { };

    public IReadOnlyList<JobItem> Stored => [.. _stored.Values];

    public override JobDetails Details => Said;

    public override JobInput Input => new(Encoding.UTF8.GetBytes(Json));

    public override IServiceProvider Services => throw new NotSupportedException();

    public override JsonSerializerOptions SerializerOptions => JsonSerializerOptions.Web;

    public string Log => string.Join('\n', Messages.Select(message => $"{message.Severity}: {message.Text}"));

    public void Store(JobItem item) => _stored[item.Index!.Value] = item;

    public override void Report(JobProgress value) => Progress.Enqueue(value);

    public override ValueTask LogAsync(JobSeverity severity, string text, int? source = null, CancellationToken cancellationToken = default)
    {
        OnLog(text);
        Messages.Enqueue(new JobMessage { Time = default, Severity = severity, Text = text, Source = source });
        return default;
    }

    public override ValueTask<JobItemCounts> WriteItemsAsync(IReadOnlyList<JobItem> items, CancellationToken cancellationToken = default)
    {
        OnItems(items);
        lock (_gate)
        {
            Batches.Add(items.Count);
            foreach (var item in items) _stored[item.Index ?? _stored.Count] = item;
            return new(new JobItemCounts(_stored.Count, _stored.Values.Count(item => item.Status is JobItemStatus.Failed)));
        }
    }

    public override ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(int after, int limit, CancellationToken cancellationToken = default)
    {
        lock (_gate) return new([.. _stored.Where(item => item.Key > after).Take(limit).Select(item => item.Value with { Index = item.Key })]);
    }

    public override async IAsyncEnumerable<JobItemInput> ReadItemsAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var index = 0;
        foreach (var item in Items)
        {
            await Task.CompletedTask;
            yield return new JobItemInput(index++, Encoding.UTF8.GetBytes(item));
        }
    }

    public override async ValueTask<JobOutput> PublishAsync(OutputDraft draft, CancellationToken cancellationToken = default)
    {
        Drafts.Add(draft);
        foreach (var format in draft.Formats)
        {
            using var bytes = new MemoryStream();
            await format.WriteAsync(bytes, cancellationToken);
            Outputs[$"{draft.Id}/{format.Format}"] = Encoding.UTF8.GetString(bytes.ToArray());
        }

        return new JobOutput(draft.Id, draft.FileName, [], default, Attempt);
    }
}

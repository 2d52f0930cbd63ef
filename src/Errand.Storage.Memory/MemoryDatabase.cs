using System.Runtime.InteropServices;

namespace Errand.Storage.Memory;

/// <summary>The tables and their indexes. One lock guards all: every verb is one short critical section, and so one transaction.</summary>
internal sealed class MemoryDatabase
{
    private readonly Dictionary<LaneCountKey, long> _counts = [];
    private readonly Dictionary<string, int> _claimedByQueue = [];

    public Lock Gate { get; } = new();

    public Dictionary<JobKey, JobRow> Jobs { get; } = [];

    public Dictionary<long, JobRow> JobsBySequence { get; } = [];

    /// <summary>Live jobs by their unique key.</summary>
    public Dictionary<(string Tenant, string Key), JobRow> UniqueKeys { get; } = [];

    public WaitingJobs Waiting { get; } = new();

    public SortedSet<JobRow> Claimed { get; } = new(RowOrder.Token);

    public SortedSet<JobRow> Deadlines { get; } = new(RowOrder.Deadline);

    public SortedSet<JobRow> Expiring { get; } = new(RowOrder.Expiry);

    public Dictionary<JobKey, Tombstone> Tombstones { get; } = [];

    public Dictionary<RequestKey, RememberedRequest> Requests { get; } = [];

    public Dictionary<SessionId, WorkerSession> Sessions { get; } = [];

    public Dictionary<(string Tenant, string Id), UploadRow> Uploads { get; } = [];

    public Dictionary<string, long> OutputBytes { get; } = [];

    public Dictionary<string, StoredFile> Files { get; } = [];

    public Dictionary<string, StoredType> Types { get; } = [];

    public Dictionary<string, QueueSettings> Queues { get; } = [];

    public Dictionary<(string Tenant, string Name), StoredSchedule> Schedules { get; } = [];

    public Dictionary<string, AccessToken> Tokens { get; } = [];

    public Dictionary<string, OAuthClient> Clients { get; } = [];

    public Dictionary<(string Tenant, string Name), JobCollection> Collections { get; } = [];

    public Dictionary<string, ReadOnlyMemory<byte>> Keys { get; } = [];

    /// <summary>Changes with every change of a token, a queue or a type.</summary>
    public long Stamp { get; set; }

    public long LastSequence { get; set; }

    public long LastToken { get; set; }

    public long LastFile { get; set; }

    public IEnumerable<LaneCount> Counts =>
        _counts.Where(c => c.Value > 0).Select(c => new LaneCount(c.Key.Tenant, c.Key.Queue, c.Key.Type, c.Key.State, c.Value));

    public int ClaimedOf(string queue) => _claimedByQueue.GetValueOrDefault(queue);

    public void Add(JobRow row)
    {
        Jobs.Add(row.Head.Key, row);
        JobsBySequence.Add(row.Head.Sequence, row);
        Enter(row);
    }

    public void Change(JobRow row, JobHead after)
    {
        Leave(row);
        row.Head = after;
        Enter(row);
    }

    /// <summary>Removes a job with all that belongs to it; returns the files that nothing names any more.</summary>
    public List<string> Remove(JobRow row)
    {
        Leave(row);
        Jobs.Remove(row.Head.Key);
        JobsBySequence.Remove(row.Head.Sequence);
        var locations = row.Outputs.SelectMany(o => o.Formats).Select(f => f.Location).ToList();
        CountOutputs(row.Head.Tenant, -row.Outputs.SelectMany(o => o.Formats).Sum(f => f.Size));
        if (row.Input.UploadId is { } upload && Uploads.Remove((row.Head.Tenant, upload), out var used)) locations.Add(
            used.Upload.Location);
        return locations;
    }

    public void CountOutputs(string tenant, long bytes) => CollectionsMarshal.GetValueRefOrAddDefault(OutputBytes, tenant, out _) += bytes;

    private void Enter(JobRow row)
    {
        var head = row.Head;
        Count(head, +1);
        if (head.State is JobState.Queued) Waiting.Add(row);
        if (head.State.IsClaimed()) Claimed.Add(row);
        if (!head.State.IsTerminal() && head.Deadline is not null) Deadlines.Add(row);
        if (!head.State.IsTerminal() && head.UniqueKey is { } key) UniqueKeys.Add((head.Tenant, key), row);
        if (head.State.IsTerminal() && head.ExpiresAt is not null) Expiring.Add(row);
    }

    private void Leave(JobRow row)
    {
        var head = row.Head;
        Count(head, -1);
        if (head.State is JobState.Queued) Waiting.Remove(row);
        if (head.State.IsClaimed()) Claimed.Remove(row);
        if (!head.State.IsTerminal() && head.Deadline is not null) Deadlines.Remove(row);
        if (!head.State.IsTerminal() && head.UniqueKey is { } key) UniqueKeys.Remove((head.Tenant, key));
        if (head.State.IsTerminal() && head.ExpiresAt is not null) Expiring.Remove(row);
    }

    private void Count(JobHead head, int change)
    {
        var lane = new LaneCountKey(head.Tenant, head.Queue, head.Type, head.State);
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, lane, out _) += change;
        if (head.State.IsClaimed()) CollectionsMarshal.GetValueRefOrAddDefault(_claimedByQueue, head.Queue, out _) += change;
    }

    private readonly record struct LaneCountKey(string Tenant, string Queue, string Type, JobState State);
}

/// <summary>What names a request that must have its effect once: the scope is 32 bytes, kept as hex so that it compares by value.</summary>
internal readonly record struct RequestKey(string Tenant, string Scope)
{
    public static RequestKey Of(IdempotencyRecord record) => new(record.Tenant, Convert.ToHexString(record.Scope.Span));
}

/// <summary>A request that stored jobs, with what became of each of them.</summary>
internal sealed record RememberedRequest(
    ReadOnlyMemory<byte> Fingerprint, DateTimeOffset ExpiresAt, IReadOnlyList<(SubmitKind Kind, JobKey Job)> Jobs);

/// <summary>An upload, and whether a job uses it.</summary>
internal sealed record UploadRow(Upload Upload, bool Used = false);

/// <summary>A published file.</summary>
internal sealed record StoredFile(ReadOnlyMemory<byte> Content, DateTimeOffset StagedAt);

using System.Text;
using Errand.Simulation.Tests.World;
using Errand.Storage;
using Errand.Storage.Memory;

namespace Errand.Simulation.Tests.Promises;

/// <summary>
/// What was promised to whom, held against what the store says. It looks past the engine and its faults, straight at the jobs.
/// </summary>
internal sealed class Ledger(MemoryStorage view, Func<DateTimeOffset> latest, Action<string> say)
{
    public const string Tenant = "acme";

    /// <summary>As many jobs of the narrow queue may run at once.</summary>
    public const int NarrowMax = 2;

    private readonly HeadLedger _heads = new(view.Database, latest, say);
    private readonly List<JobId> _acknowledged = [];
    private readonly HashSet<JobId> _isAcknowledged = [];
    private readonly Dictionary<string, JobId> _byKey = [];
    private readonly Dictionary<JobId, ReportedItems> _items = [];
    private readonly List<GivenResult> _results = [];
    private readonly HashSet<long> _tokens = [];
    private readonly FileLedger _files = new(view);

    public int Acknowledgements => _acknowledged.Count;

    /// <summary>One of the jobs that somebody was told of.</summary>
    public JobId? Draw(Random random) => _acknowledged.Count == 0 ? null : _acknowledged[random.Next(_acknowledged.Count)];

    public JobHead? Seen(JobId id) => _heads.Seen(id);

    public void Acknowledged(SubmitReceipt receipt, JobSubmission submission, IdempotencyKey? key)
    {
        var id = receipt.Job.Head.Id;
        if (submission.Id is { } own && receipt.Kind is not SubmitReceiptKind.Reused && own != id && key is null) Break($"a submit of {own} was answered with {id}");
        if (key is not null && !_byKey.TryAdd(key.Key, id) && _byKey[key.Key] != id) Break($"the request {key.Key} had its effect twice: {_byKey[key.Key]} and {id}");
        Acknowledged(receipt.Job);
    }

    public void Acknowledged(Job job)
    {
        Acknowledged(job.Head.Id);
    }

    public void MayBePurged(JobId id) => _heads.MayBePurged(id);

    public void Claimed(JobHead head)
    {
        if (!_tokens.Add(head.Token)) Break($"the token {head.Token} was given twice, the second time with job {head.Sequence}");
        Acknowledged(head.Id);
    }

    /// <summary>Whether the word of whoever holds this ticket counts now.</summary>
    public bool IsHeld(JobTicket ticket) =>
        Find(ticket.Key.Id).Job is { } job && job.Head.State.IsClaimed() && job.Head.Token == ticket.Token;

    public void ItemMayCome(JobId id, string key) => ItemsOf(id).Possible.Add(key);

    public void ItemCame(JobId id, string key) => ItemsOf(id).Certain.Add(key);

    /// <summary>A result that nobody else ever gives.</summary>
    public GivenResult NewResult(JobTicket ticket, bool held)
    {
        var result = new GivenResult(ticket, held, Encoding.UTF8.GetBytes($"{{\"settle\":{_results.Count}}}"));
        _results.Add(result);
        return result;
    }

    public GivenOutput NewOutput(JobTicket ticket) => _files.NewOutput(ticket);

    public void Uploaded(Upload upload, string items) => _files.Uploaded(upload, items);

    public void Settled(GivenResult result, bool written, string worker)
    {
        if (written && !result.Held) Break($"{worker} settled job {result.Ticket.Sequence} with the old token {result.Ticket.Token}");
    }

    /// <summary>Looks at every job as it is now, whenever one may have been written.</summary>
    public void Look() => _heads.Look();

    /// <summary>Ends the story if a look has seen a promise broken: who wrote it may have swallowed the complaint.</summary>
    public void Complain() => _heads.Complain();

    /// <summary>How many jobs still live.</summary>
    public int Live => _heads.Live;

    /// <summary>Checks what must hold when everybody is done.</summary>
    public void Close(DateTimeOffset now)
    {
        Look();
        Complain();
        var jobs = List(JobFilter.All);
        foreach (var id in _acknowledged) CheckEnded(id);
        foreach (var job in jobs) CheckResult(job);
        foreach (var job in jobs) CheckItems(job);
        _files.Close(jobs, now);
        if (jobs.Select(job => job.Head.Sequence).Distinct().Count() != jobs.Count) Break("two jobs have one sequence");
    }

    /// <summary>The story's end, to be compared with another telling of it.</summary>
    public string Sum() => string.Join('\n', List(JobFilter.All).OrderBy(job => job.Head.Sequence).Select(job =>
        $"{job.Head.Sequence} {job.Head.State} v{job.Head.Version} t{job.Head.Token} a{job.Head.Attempt} l{job.Head.Losses} {job.Head.FinishedAt:O} {job.Items}"));

    private void CheckEnded(JobId id)
    {
        var lookup = Find(id);
        if (lookup.Job is { } job)
        {
            if (!job.Head.State.IsTerminal()) Break($"job {job.Head.Sequence} never ends: it is {job.Head.State}, due {job.Head.DueAt:O}, {job.Head.Losses} losses");
            return;
        }

        if (lookup.Tombstone is null) Break($"job {id} was acknowledged and is not there");
    }

    private void CheckResult(Job job)
    {
        if (job.Head.State is not JobState.Succeeded) return;
        var body = Now(view.Jobs.FindAsync(job.Head.Key, JobParts.Result, default)).Job?.Result?.Body ?? default;
        var given = _results.Find(result => result.Json.Span.SequenceEqual(body.Span));
        if (given is null) Break($"job {job.Head.Sequence} has a result that nobody gave");
        else if (given.Ticket.Token != job.Head.Token || !given.Held) Break($"job {job.Head.Sequence} has the result of the old token {given.Ticket.Token}");
    }

    private void CheckItems(Job job)
    {
        var reported = ItemsOf(job.Head.Id);
        var stored = Now(view.Contents.ListItemsAsync(job.Head.Sequence, new ItemQuery(), default)).Select(item => item.Key).ToList();
        if (stored.Count != stored.Distinct().Count()) Break($"an item of job {job.Head.Sequence} is there twice");
        if (stored.Except(reported.Possible).Any()) Break($"job {job.Head.Sequence} has an item that nobody reported");
        if (reported.Certain.Except(stored).Any()) Break($"job {job.Head.Sequence} lost an item");
        if ((job.Items?.Completed ?? 0) != stored.Count) Break($"job {job.Head.Sequence} counts {job.Items?.Completed} items and has {stored.Count}");
    }

    private ReportedItems ItemsOf(JobId id) => _items.TryGetValue(id, out var items) ? items : _items[id] = new([], []);

    private JobLookup Find(JobId id) => Now(view.Jobs.FindAsync(new JobKey(Tenant, id), JobParts.Status, default));

    private List<Job> List(JobFilter filter)
    {
        var (jobs, query) = (new List<Job>(), new JobQuery { Tenant = Tenant, Filter = filter, Limit = 200, AsOf = default });
        while (true)
        {
            var page = Now(view.Jobs.ListAsync(query, default));
            jobs.AddRange(page.Jobs);
            if (page.Next is null) return jobs;
            query = query with { After = page.Next };
        }
    }

    /// <summary>A store in memory without faults answers at once.</summary>
    private static T Now<T>(ValueTask<T> read) => read.AsTask().GetAwaiter().GetResult();

    private void Acknowledged(JobId id)
    {
        if (_isAcknowledged.Add(id)) _acknowledged.Add(id);
    }

    private static void Break(string what) => throw new BrokenPromiseException($"{what}.");

    private sealed record ReportedItems(HashSet<string> Possible, HashSet<string> Certain);
}

/// <summary>A result that was given once.</summary>
/// <param name="Ticket">By whoever held this ticket.</param>
/// <param name="Held">Whether the ticket still counted when the settle began.</param>
/// <param name="Json">What it says.</param>
internal sealed record GivenResult(JobTicket Ticket, bool Held, ReadOnlyMemory<byte> Json);

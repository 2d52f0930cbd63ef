using System.Threading.Channels;
using Errand.Storage;
using Errand.Work;

namespace Errand.Worker.Tests;

/// <summary>A source of a few lines: gives the jobs it was handed, and tells the test what the worker does, event by event.</summary>
internal sealed class FakeSource : IJobSource, IJobReports
{
    private readonly Lock _gate = new();
    private readonly Queue<ClaimedJob> _due = [];
    private readonly Channel<bool> _work = Channel.CreateUnbounded<bool>();
    private long _token;

    public TimeSpan BeatEvery { get; set; } = TimeSpan.FromHours(1);

    public TimeSpan Term { get; set; } = TimeSpan.FromDays(30);

    public Func<SessionId, bool> Beat { get; set; } = _ => true;

    public Func<IReadOnlyList<Settlement>, IReadOnlyList<bool>> Settle { get; set; } = batch => [.. batch.Select(_ => true)];

    public Action<IReadOnlyList<JobMessage>> Append { get; set; } = _ => { };

    /// <summary>Called with the jobs of a claim before the worker hears of them.</summary>
    public Action<IReadOnlyList<ClaimedJob>> Claimed { get; set; } = _ => { };

    public Channel<OpenedSession> Opened { get; } = Channel.CreateUnbounded<OpenedSession>();

    public Channel<Settlement> Settled { get; } = Channel.CreateUnbounded<Settlement>();

    public Channel<IReadOnlyList<QueueDemand>> Demands { get; } = Channel.CreateUnbounded<IReadOnlyList<QueueDemand>>();

    public List<JobMessage> Messages { get; } = [];

    public List<JobProgress> Progress { get; } = [];

    public List<string> Events { get; } = [];

    public ISessionListener? Listener { get; private set; }

    public SessionRequest? Request { get; private set; }

    public SessionId Session { get; private set; }

    public int Beats { get; private set; }

    public IJobReports Reports => this;

    public ClaimedJob Submit(string type = "test.job", string input = "", Func<JobHead, JobHead>? head = null, JobDetails? details = null)
    {
        var job = new ClaimedJob(
            new JobHead { Tenant = "default", Id = new JobId(Guid.NewGuid()), Type = type, Queue = "default", Owner = "me", CreatedAt = default, State = JobState.Running, Attempt = 1 },
            details ?? JobDetails.None,
            new JobInput(System.Text.Encoding.UTF8.GetBytes(input)));
        if (head is not null) job = job with { Head = head(job.Head) };
        lock (_gate) _due.Enqueue(job);
        _work.Writer.TryWrite(true);
        return job;
    }

    public ValueTask<OpenedSession> OpenAsync(SessionRequest request, ISessionListener listener, CancellationToken cancellationToken)
    {
        (Request, Listener, Session) = (request, listener, SessionId.New());
        var opened = new OpenedSession(Session, BeatEvery, Term);
        Opened.Writer.TryWrite(opened);
        return new(opened);
    }

    public ValueTask<bool> BeatAsync(SessionId session, CancellationToken cancellationToken)
    {
        Beats++;
        return new(Beat(session));
    }

    public ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(SessionId session, IReadOnlyList<QueueDemand> demands, CancellationToken cancellationToken)
    {
        Demands.Writer.TryWrite(demands);
        var claimed = new List<ClaimedJob>();
        lock (_gate)
        {
            var limit = demands.Sum(demand => demand.Limit);
            while (claimed.Count < limit && _due.TryDequeue(out var job))
                claimed.Add(job with { Head = job.Head with { Session = session, Token = ++_token, Sequence = _token } });
        }

        Claimed(claimed);
        return new(claimed);
    }

    public async ValueTask WaitForWorkAsync(SessionId session, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await _work.Reader.ReadAsync(cancellationToken);
        while (_work.Reader.TryRead(out _))
        {
            // One wait is ended by any number of submits.
        }
    }

    public ValueTask<IReadOnlyList<bool>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        var results = Settle(settlements);
        foreach (var settlement in settlements)
        {
            Note($"settle {settlement.Outcome.GetType().Name}");
            Settled.Writer.TryWrite(settlement);
        }

        return new(results);
    }

    public ValueTask CloseAsync(SessionId session, CancellationToken cancellationToken)
    {
        Note("close");
        return default;
    }

    public void ReportProgress(JobTicket ticket, JobProgress progress) => Progress.Add(progress);

    public ValueTask FlushAsync(JobTicket ticket, CancellationToken cancellationToken)
    {
        Note("flush");
        return default;
    }

    public ValueTask AppendMessagesAsync(JobTicket ticket, IReadOnlyList<JobMessage> messages, CancellationToken cancellationToken)
    {
        Append(messages);
        Note("messages");
        lock (_gate) Messages.AddRange(messages);
        return default;
    }

    public ValueTask<JobItemCounts> WriteItemsAsync(JobTicket ticket, IReadOnlyList<JobItem> items, CancellationToken cancellationToken) =>
        new(new JobItemCounts(items.Count, 0));

    public ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(JobTicket ticket, int after, int limit, CancellationToken cancellationToken) => new([]);

    public async IAsyncEnumerable<JobItemInput> ReadItemsAsync(
        JobTicket ticket, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public ValueTask<JobOutput> PublishAsync(JobTicket ticket, OutputDraft draft, CancellationToken cancellationToken) =>
        throw new StorageException(StorageFault.Full, "full");

    private void Note(string what)
    {
        lock (_gate) Events.Add(what);
    }
}

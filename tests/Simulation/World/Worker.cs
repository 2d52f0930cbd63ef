using Errand.Simulation.Tests.Promises;
using Errand.Storage;
using Errand.Work;

namespace Errand.Simulation.Tests.World;

/// <summary>A worker: it claims, reports and settles, and now and then it freezes, comes back late, or never.</summary>
internal sealed class Worker(string name, bool remote, Server home, Ledger ledger, Random random, Action<string> say) : ISessionListener
{
    private readonly List<ClaimedJob> _held = [];
    private SessionId? _session;
    private bool _claiming;

    public string Name => name;

    /// <summary>Runs in a process of its own, and survives the server's.</summary>
    public bool Remote => remote;

    /// <summary>The node that it runs in, or speaks to.</summary>
    public Server Home { get; private set; } = home;

    /// <summary>It holds jobs.</summary>
    public bool Busy => _held.Count > 0;

    /// <summary>It neither beats nor claims. What it settles when it comes back is a zombie's word.</summary>
    public bool Frozen { get; set; }

    public void OnCancel(JobTicket ticket)
    {
        // Some handlers stop when they are asked to, this one by chance: see SettleAsync.
    }

    public async Task BeatAsync(IJobSource source)
    {
        if (Frozen) return;
        _session ??= (await source.OpenAsync(new SessionRequest(name, Server.Types, Client.Queues, 4, Remote: remote), this, default)).Id;
        if (!await source.BeatAsync(_session.Value, default)) _session = null;
    }

    public async Task ClaimAsync(IJobSource source)
    {
        if (Frozen || _claiming || _session is not { } session) return;
        _claiming = true;
        try
        {
            var demands = Client.Queues.Select(queue => new QueueDemand(queue, 1 + random.Next(2))).ToList();
            Take(await source.ClaimAsync(session, demands, default));
            _claiming = false;
        }
        catch (OutcomeUnknownException)
        {
            Doubt();
            throw;
        }
        catch (StorageException)
        {
            _claiming = false;
            throw;
        }
    }

    /// <summary>Its node is dead; it speaks to another.</summary>
    public void Move(Server next)
    {
        Doubt();
        Home = next;
    }

    /// <summary>Whether a claim that was on its way has given it jobs it cannot know: a worker in doubt leaves, and they go back.</summary>
    public void Doubt()
    {
        if (_claiming) _session = null;
        _claiming = false;
    }

    public async Task ReportAsync(IJobSource source)
    {
        if (Draw() is not { } job) return;
        var (key, zombie) = ($"item-{random.Next(5)}", !ledger.IsHeld(job.Ticket));
        try
        {
            ledger.ItemMayCome(job.Head.Id, key);
            await source.Reports.WriteItemsAsync(job.Ticket, [new JobItem { Key = key }], default);
            if (zombie) throw new BrokenPromiseException($"{name} wrote an item of job {job.Head.Sequence} with the old token {job.Head.Token}");
            ledger.ItemCame(job.Head.Id, key);
            source.Reports.ReportProgress(job.Ticket, new JobProgress { Percent = random.Next(100) });
            await source.Reports.AppendMessagesAsync(job.Ticket, [new JobMessage { Time = job.Head.CreatedAt, Text = "at work" }], default);
        }
        catch (LeaseLostException)
        {
            say($"{name} is told that its claim on job {job.Head.Sequence} is over");
            _held.Remove(job);
        }
    }

    public async Task PublishAsync(IJobSource source)
    {
        if (Draw() is not { } job) return;
        var (output, zombie) = (ledger.NewOutput(job.Ticket), !ledger.IsHeld(job.Ticket));
        try
        {
            Task WriteAsync(Stream stream, CancellationToken cancellationToken) => stream.WriteAsync(output.Content, cancellationToken).AsTask();
            await source.Reports.PublishAsync(job.Ticket, new OutputDraft(output.Id, "out.txt", [new OutputFormatDraft("txt", "text/plain", WriteAsync)]), default);
            if (zombie) throw new BrokenPromiseException($"{name} published an output of job {job.Head.Sequence} with the old token {job.Head.Token}");
            output.Came();
            say($"{name} published {output.Id} of job {job.Head.Sequence}");
        }
        catch (LeaseLostException)
        {
            _held.Remove(job);
        }
    }

    public async Task SettleAsync(IJobSource source)
    {
        if (Draw() is not { } job) return;
        var result = ledger.NewResult(job.Ticket, ledger.IsHeld(job.Ticket));
        JobOutcome outcome = random.Next(10) switch
        {
            < 3 => new JobOutcome.Succeeded(result.Json),
            < 7 => new JobOutcome.Failed(new JobError(JobErrorCodes.HandlerException, "It failed.", Retryable: random.Next(4) > 0)),
            7 => new JobOutcome.Snoozed(TimeSpan.FromSeconds(random.Next(5))),
            8 => new JobOutcome.Canceled("it saw no sense in it"),
            _ => JobOutcome.Released.Instance,
        };
        var written = await source.SettleAsync([new Settlement(job.Ticket, outcome)], default);
        _held.Remove(job);
        say($"{name} settled job {job.Head.Sequence} as {outcome.GetType().Name}: {written[0]}");
        ledger.Settled(result, written[0], name);
    }

    /// <summary>Ends every job that it holds well, as far as its word still counts.</summary>
    public async Task FinishAsync(IJobSource source)
    {
        if (Frozen) return;
        foreach (var job in _held.ToList())
        {
            var result = ledger.NewResult(job.Ticket, ledger.IsHeld(job.Ticket));
            var written = await source.SettleAsync([new Settlement(job.Ticket, new JobOutcome.Succeeded(result.Json))], default);
            _held.Remove(job);
            ledger.Settled(result, written[0], name);
        }
    }

    public async Task LeaveAsync(IJobSource source)
    {
        if (Frozen || _session is not { } session) return;
        _session = null;
        await source.CloseAsync(session, default);
    }

    private void Take(IReadOnlyList<ClaimedJob> jobs)
    {
        _held.AddRange(jobs);
        foreach (var job in jobs)
        {
            say($"{name} is given job {job.Head.Sequence} with token {job.Head.Token}");
            ledger.Claimed(job.Head);
        }
    }

    private ClaimedJob? Draw() => Frozen || _held.Count == 0 ? null : _held[random.Next(_held.Count)];
}

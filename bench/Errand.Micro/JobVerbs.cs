using BenchmarkDotNet.Attributes;
using Errand.Storage;
using Errand.Work;

namespace Errand.Micro;

/// <summary>What the engine allocates, and how long it takes, for each thing that happens to every job: one caller, one job at a time.</summary>
public class JobVerbs
{
    /// <summary>How often each is called in a round.</summary>
    public const int Jobs = 1_000;

    private readonly Queue<ClaimedJob> _held = new();
    private readonly QueueDemand[] _one = [new(JobNames.DefaultQueue, 1)];
    private Engine _engine = null!;
    private SessionId _session;
    private JobId _finished;

    [Params("memory", "SQLite")]
    public string Store { get; set; } = "";

    [GlobalSetup]
    public async Task OpenAsync()
    {
        _engine = await Engine.StartAsync(Store == "SQLite");
        var job = await _engine.Client.SubmitAsync(Engine.New());
        _session = await _engine.OpenSessionAsync(1);
        var claimed = await _engine.Source.ClaimAsync(_session, _one, CancellationToken.None);
        await SettleAsync(claimed[0]);
        _finished = job.Job.Head.Id;
    }

    [GlobalCleanup]
    public async Task CloseAsync() => await _engine.DisposeAsync();

    [IterationSetup(Target = nameof(ClaimAsync))]
    public void FillQueue() => FillQueueAsync().GetAwaiter().GetResult();

    [IterationSetup(Target = nameof(SettleAsync))]
    public void HoldJobs() => HoldJobsAsync().GetAwaiter().GetResult();

    [Benchmark(Description = "submit")]
    public async Task SubmitAsync() => await _engine.Client.SubmitAsync(Engine.New());

    [Benchmark(Description = "claim")]
    public async Task ClaimAsync()
    {
        if ((await _engine.Source.ClaimAsync(_session, _one, CancellationToken.None)).Count != 1) throw new InvalidOperationException("There was nothing to claim.");
    }

    [Benchmark(Description = "settle")]
    public Task SettleAsync() => SettleAsync(_held.Dequeue());

    [Benchmark(Description = "status of a finished job")]
    public async Task FindAsync()
    {
        if ((await _engine.Client.FindAsync(_finished)).Job is null) throw new InvalidOperationException("The job is gone.");
    }

    private async Task SettleAsync(ClaimedJob job)
    {
        var settled = await _engine.Source.SettleAsync([new Settlement(job.Ticket, JobOutcome.Succeeded.Empty)], CancellationToken.None);
        if (!settled[0]) throw new InvalidOperationException("The claim was lost.");
    }

    /// <summary>A session of its own for each round: nobody beats, and none lives longer than the term.</summary>
    private async Task FillQueueAsync()
    {
        await _engine.Source.CloseAsync(_session, CancellationToken.None);
        await _engine.SubmitAsync(Jobs);
        _session = await _engine.OpenSessionAsync(Jobs);
    }

    private async Task HoldJobsAsync()
    {
        await FillQueueAsync();
        _held.Clear();
        while (_held.Count < Jobs)
        {
            var some = await _engine.Source.ClaimAsync(_session, [new(JobNames.DefaultQueue, Jobs - _held.Count)], CancellationToken.None);
            if (some.Count == 0) throw new InvalidOperationException("There was nothing to claim.");
            foreach (var job in some) _held.Enqueue(job);
        }
    }
}

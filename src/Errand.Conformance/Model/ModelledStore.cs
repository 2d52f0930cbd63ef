using CsCheck;
using Errand.Conformance.Storage;
using Errand.Storage;

namespace Errand.Conformance.Model;

/// <summary>
/// A real store that walks the way of the model: it does each step by the verbs of the seam, as the engine would, and tells where the two differ. Many walks share one store, each with a
/// tenant and a queue of its own.
/// </summary>
internal sealed class ModelledStore(StorageFixture fixture, IJobStorage storage, (int Worker, int Job)[] pairs, string walk, bool crashes)
{
    private const int OrphansMax = 10_000;

    // Time only goes on, over all walks on a store: what is expired for one must not come alive for the next.
    private static int s_seconds;

    private readonly JobHead?[] _jobs = new JobHead?[pairs.Max(pair => pair.Job) + 1];
    private readonly WorkerSession?[] _sessions = new WorkerSession?[pairs.Max(pair => pair.Worker) + 1];
    private readonly Dictionary<(int Worker, int Job), ClaimedJob> _held = [];

    /// <summary>The store; another one after a crash.</summary>
    public IJobStorage Storage { get; private set; } = storage;

    private static DateTimeOffset Now => Draft.After(Volatile.Read(ref s_seconds));

    /// <summary>Does one step; null when the store is now as the model says.</summary>
    public async Task<string?> StepAsync(Transition<ModelState> step)
    {
        var argument = step.ArgIndex;
        var difference = step.Action switch
        {
            JobModel.Submit or JobModel.SubmitUnanswered => await SubmitAsync(argument, BatchKind.Stored),
            JobModel.Replay => await SubmitAsync(argument, BatchKind.Replayed),
            JobModel.Cancel => await CancelAsync(argument),
            JobModel.Open => await OpenAsync(argument),
            JobModel.Beat => await BeatAsync(argument, step.Before),
            JobModel.Expire => await EndSessionAsync(argument, step.Index),
            JobModel.Claim => await ClaimAsync(argument, step.Before),
            JobModel.Recover => await RecoverAsync(argument),
            JobModel.Report => await ReportAsync(pairs[argument], step.Before),
            JobModel.Succeed => await SettleAsync(pairs[argument], step.Before, success: true),
            JobModel.Fail => await SettleAsync(pairs[argument], step.Before, success: false),
            JobModel.Crash => await CrashAsync(),
            _ => $"nobody taught the store to do '{step.Action}'",
        };
        return difference ?? await CompareAsync(step.After);
    }

    /// <summary>The walk ends here: what it leaves is nothing that the walks after it would have to look past.</summary>
    public async Task LeaveAsync()
    {
        foreach (var session in _sessions.OfType<WorkerSession>()) await Storage.Sessions.CloseAsync(session.Id, default);
        for (var job = 0; job < _jobs.Length; job++)
        {
            if (_jobs[job] is null || await ReadAsync(job) is not { } head || head.State.IsTerminal()) continue;
            await Storage.Jobs.ApplyAsync([Draft.Finish(head, JobState.Canceled, Now)], default);
        }
    }

    private async Task<string?> SubmitAsync(int job, BatchKind expected)
    {
        var head = _jobs[job] ?? Draft.Head() with { Tenant = walk, Queue = walk };
        // The same request under the same key, but with an id of its own, as a server would make it anew.
        var request = Draft.Request($"{walk}/{job}", "the same", tenant: walk);
        var batch = new JobBatch([Draft.Job(_ => head with { Id = JobId.New(Draft.Noon), Version = 1, Sequence = 0, State = JobState.Queued, Token = 0, Session = null })], Atomic: false, request, Now);
        var outcome = await Storage.Jobs.SubmitAsync(batch, default);
        if (outcome.Kind != expected) return $"the submit was answered {outcome.Kind}, not {expected}";
        if (_jobs[job] is { } first && outcome.Jobs[0].Head?.Id != first.Id) return $"the replay was answered with {outcome.Jobs[0].Head?.Id}, not with {first.Id}";
        _jobs[job] ??= outcome.Jobs[0].Head;
        return null;
    }

    private async Task<string?> CancelAsync(int job)
    {
        var now = await ReadAsync(job);
        var change = now.State switch
        {
            JobState.Queued => Draft.Finish(now, JobState.Canceled, Now),
            JobState.Running => Draft.AskToStop(now),
            _ => null,
        };
        return change is null || (await Storage.Jobs.ApplyAsync([change], default))[0] is ChangeOutcome.Applied ? null : "the cancel was refused";
    }

    private async Task<string?> OpenAsync(int worker)
    {
        var session = Draft.Session() with { Queues = [walk], OpenedAt = Now };
        await Storage.Sessions.OpenAsync(session, default);
        _sessions[worker] = session;
        return null;
    }

    private async Task<string?> BeatAsync(int worker, ModelState model)
    {
        var beat = await Storage.Sessions.BeatAsync(_sessions[worker]!.Id, Now, Draft.After(Draft.Term), default);
        var asked = Enumerable.Range(0, _jobs.Length).Where(j => model.Jobs[j].Owner == worker && model.Jobs[j].State is JobState.Canceling).Select(j => _jobs[j]!.Id).ToHashSet();
        if (!beat.Alive) return "the beat of a session that is there was answered that it is not";
        return asked.SetEquals(beat.Canceling.Select(ticket => ticket.Key.Id)) ? null : $"the beat told of {beat.Canceling.Count} jobs that are asked to stop, not of {asked.Count}";
    }

    /// <summary>In good order, or by silence. The last beats before a crash may be lost, so there only an end in good order is sure to be seen.</summary>
    private async Task<string?> EndSessionAsync(int worker, int step)
    {
        if (crashes || step % 2 == 0)
        {
            await Storage.Sessions.CloseAsync(_sessions[worker]!.Id, default);
            return null;
        }

        await Storage.Sessions.BeatAsync(_sessions[worker]!.Id, Now, Now.AddSeconds(1), default);
        Interlocked.Increment(ref s_seconds);
        return null;
    }

    private async Task<string?> ClaimAsync(int worker, ModelState model)
    {
        var claimed = (await Storage.Queue.ClaimAsync(Draft.Claim(_sessions[worker]!.Id, limit: 1, Now, queue: walk), default)).Jobs;
        if (JobModel.FirstWaiting(model) is not { } job) return claimed.Count == 0 ? null : "a claim gave a job although none waits";
        if (claimed is not [var only] || only.Head.Id != _jobs[job]!.Id) return $"a claim gave {claimed.Count} jobs, not the first that waits";
        if (only.Head.Token <= _jobs[job]!.Token) return $"the token {only.Head.Token} is not above the one before, {_jobs[job]!.Token}";
        (_held[(worker, job)], _jobs[job]) = (only, only.Head);
        return null;
    }

    private async Task<string?> RecoverAsync(int job)
    {
        var orphan = (await Storage.Sessions.ListOrphansAsync(Now, OrphansMax, default)).FirstOrDefault(one => one.Head.Id == _jobs[job]!.Id);
        if (orphan is null) return $"job {job} is claimed by a session that is over, and is no orphan";
        var losses = orphan.Head.Losses + 1;
        var change = orphan.Head.State is JobState.Canceling ? Draft.Finish(orphan.Head, JobState.Canceled, Now)
            : losses == JobModel.LossesMax ? Draft.Finish(orphan.Head, JobState.Failed, Now) : Draft.Requeue(orphan.Head);
        var counted = change with { After = change.After with { Losses = losses } };
        return (await Storage.Jobs.ApplyAsync([counted], default))[0] is ChangeOutcome.Applied ? null : "the recovery was refused";
    }

    private async Task<string?> ReportAsync((int Worker, int Job) pair, ModelState model)
    {
        var (ticket, counts) = (_held[pair].Ticket, model.Counts(pair.Worker, pair.Job));
        var item = await Storage.Contents.WriteItemsAsync(ticket, [Draft.Item($"item-{pair.Worker}")], default);
        var progress = (await Storage.Contents.SaveProgressAsync([new(ticket, new JobProgress { Percent = 1 })], default))[0];
        if (!counts) _held.Remove(pair);
        return (item is not null, progress is not null) == (counts, counts) ? null : $"items were {Taken(item is not null)} and progress was {Taken(progress is not null)}, but the claim {(counts ? "holds" : "is over")}";
    }

    /// <summary>As the engine does it: on the head held since the claim, and once more on a fresh one if somebody else had changed the job.</summary>
    private async Task<string?> SettleAsync((int Worker, int Job) pair, ModelState model, bool success)
    {
        var held = _held[pair].Head;
        _held.Remove(pair);
        var outcome = (await Storage.Queue.SettleAsync([Settle(held, success)], default))[0];
        if (outcome is ChangeOutcome.Conflict && await ReadAsync(pair.Job) is var fresh && fresh.State.IsClaimed() && fresh.Token == held.Token)
        {
            outcome = (await Storage.Queue.SettleAsync([Settle(fresh, success)], default))[0];
        }

        var counts = model.Counts(pair.Worker, pair.Job);
        return outcome is ChangeOutcome.Applied == counts ? null : $"the settle was {Taken(outcome is ChangeOutcome.Applied)}, but the claim {(counts ? "holds" : "is over")}";
    }

    private static JobChange Settle(JobHead head, bool success)
    {
        if (success) return Draft.Finish(head, JobState.Succeeded, Now);
        return head.State is JobState.Canceling ? Draft.Finish(head, JobState.Canceled, Now) : Draft.Requeue(head);
    }

    private async Task<string?> CrashAsync()
    {
        var dead = Storage;
        Storage = await fixture.CrashAsync(dead);
        await dead.DisposeAsync();
        return null;
    }

    private async Task<string?> CompareAsync(ModelState model)
    {
        for (var j = 0; j < _jobs.Length; j++)
        {
            if (_jobs[j] is null) continue;
            var now = await ReadAsync(j);
            if (now.State != model.Jobs[j].State) return $"job {j} is {now.State} in the store and {model.Jobs[j].State} in the model";
            if (now.Losses != model.Jobs[j].Losses) return $"job {j} lost {now.Losses} workers in the store and {model.Jobs[j].Losses} in the model";
        }

        var orphans = (await Storage.Sessions.ListOrphansAsync(Now, OrphansMax, default)).Where(orphan => orphan.Head.Tenant == walk).Select(orphan => orphan.Head.Id).ToHashSet();
        if (!orphans.SetEquals(Enumerable.Range(0, _jobs.Length).Where(j => model.Jobs[j].IsOrphan).Select(j => _jobs[j]!.Id))) return $"the store has {orphans.Count} orphans, not those of the model";
        var counts = (await Storage.Catalog.CountAsync(walk, default)).Where(lane => lane.Jobs != 0).Select(lane => (lane.State, lane.Jobs)).ToHashSet();
        return counts.SetEquals(model.Jobs.Where(job => job.IsThere).CountBy(job => job.State!.Value).Select(count => (count.Key, (long)count.Value))) ? null
            : $"the counts are {string.Join(", ", counts)}";
    }

    private async Task<JobHead> ReadAsync(int job) =>
        Expect.NotNull((await Storage.Jobs.FindAsync(_jobs[job]!.Key, JobParts.Status, default)).Job, "the job was stored").Head;

    private static string Taken(bool taken) => taken ? "taken" : "refused";
}

using System.Runtime.ExceptionServices;
using Errand.Hosting;
using Errand.Simulation.Tests.Promises;
using Errand.Simulation.Tests.World;
using Errand.Storage;
using Errand.Storage.Memory;
using Errand.Work;
using Microsoft.Extensions.Time.Testing;

namespace Errand.Simulation.Tests;

/// <summary>
/// One story, told from a seed: clients, workers and up to three servers on a store that is slow, fails and loses answers, each with a clock of its own that jumps, in processes that die or
/// are stopped and go on as if nothing had been. What was promised must hold after every write, and when the sky has cleared.
/// </summary>
internal sealed class Story
{
    private const int Steps = 300;
    private const int Crowd = 8;
    private const int NodesMax = 3;
    private static readonly TimeSpan AsksEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestStep = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset Begin = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly Random _random;
    private readonly Turns _turns = new();
    private readonly FakeTimeProvider _time = new(Begin);
    private readonly Weather _weather;
    private readonly bool _deadly;
    private readonly IJobStorage _storage;
    private readonly Ledger _ledger;
    private readonly Client _client;
    private readonly List<Worker> _workers = [];
    private readonly List<ActUnderway> _acts = [];
    private readonly List<Server> _nodes = [];
    private List<string>? _told;
    private int _names;
    private DateTimeOffset _latest = Begin;

    private Story(int seed, Func<IJobStorage, IJobStorage>? spoil, List<string>? told)
    {
        (_random, _told) = (new Random(seed), told);
        // Stories differ in temper: some are long and deadly, and in them the same job is lost again and again.
        _deadly = _random.Next(10) == 0;
        _weather = new Weather(_random, _turns);
        var memory = new MemoryStorage(_weather.Faults);
        var nodes = Math.Max(1, _random.Next(-1, NodesMax + 1));
        IJobStorage store = nodes == 1 ? memory : new SharedStorage(memory);
        _storage = spoil?.Invoke(store) ?? store;
        _ledger = new Ledger(memory.Reopen(new MemoryStorageFaults()), Latest, Say);
        _weather.Written = _ledger.Look;
        _client = new Client(_ledger, _random, _time);
        for (var node = 0; node < nodes; node++) _nodes.Add(NewNode(new NodeClock(_time)));
    }

    /// <summary>Tells the story of a seed and returns its end.</summary>
    /// <param name="seed">What everything is drawn from.</param>
    /// <param name="spoil">Puts a broken store in the place of the good one.</param>
    /// <param name="told">Gets what happened, step by step.</param>
    public static string Tell(int seed, Func<IJobStorage, IJobStorage>? spoil = null, List<string>? told = null)
    {
        var (story, outside) = (new Story(seed, spoil, told), SynchronizationContext.Current);
        SynchronizationContext.SetSynchronizationContext(story._turns);
        try
        {
            return story.Tell();
        }
        finally
        {
            story._nodes.ForEach(node => node.Kill());
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    private string Tell()
    {
        foreach (var node in _nodes) Start(node);
        for (var step = 0; step < (_deadly ? 3 * Steps : Steps); step++)
        {
            if (_turns.Parked > 0 && (_acts.Count >= Crowd || _random.Next(2) == 0)) _turns.Give(_random.Next(_turns.Parked));
            else Begins();
            Look();
        }

        ComeToRest();
        _ledger.Close(Latest());
        return _ledger.Sum();
    }

    /// <summary>Something begins: mostly an act that takes its turns, now and then a turn of fate.</summary>
    private void Begins()
    {
        if (_weather.Sky is Sky.Down && _random.Next(8) == 0) Turn(Sky.Clear);
        if (_random.Next(12) == 0 && _nodes.Find(node => node.Stopped) is { } stopped) Resume(stopped);
        switch (_random.Next(100))
        {
            case < 9 when !_deadly || _ledger.Live < 4: Act("submit", node => _client.SubmitAsync(node.Clients)); break;
            case < 10: Act("submit many", node => _client.SubmitManyAsync(node.Clients)); break;
            case < 12: Act("cancel", node => _client.CancelAsync(node.Clients)); break;
            case < 14: Act("update", node => _client.UpdateAsync(node.Clients)); break;
            case < 15: Act("retry", node => _client.RetryAsync(node.Clients)); break;
            case < 16: Act("purge", node => _client.PurgeAsync(node.Clients)); break;
            case < 18: Act("read", node => _client.ReadAsync(node.Clients)); break;
            case < 20: Sweep(AnyNode(), sweeps => sweeps[_random.Next(sweeps.Count)]); break;
            case < 22: Act("upload", node => _client.UploadAsync(node.Clients)); break;
            case < 35: Wait(); break;
            case < 39: Happens(); break;
            default: Work(AnyWorker()); break;
        }
    }

    private void Work(Worker worker)
    {
        if (_random.Next(8) == 0 && worker.Frozen) Freeze(worker);
        if (_random.Next(3) == 0 && _deadly && !worker.Frozen && worker.Busy) Freeze(worker);
        switch (_random.Next(20))
        {
            case < 5: Act($"{worker.Name} beats", worker.Home, node => worker.BeatAsync(node.Source)); break;
            case < 11: Act($"{worker.Name} claims", worker.Home, node => worker.ClaimAsync(node.Source)); break;
            case < 13: Act($"{worker.Name} reports", worker.Home, node => worker.ReportAsync(node.Source)); break;
            case < 14: Act($"{worker.Name} publishes", worker.Home, node => worker.PublishAsync(node.Source)); break;
            case < 19: Act($"{worker.Name} settles", worker.Home, node => worker.SettleAsync(node.Source)); break;
            default: Act($"{worker.Name} leaves", worker.Home, node => worker.LeaveAsync(node.Source)); break;
        }
    }

    /// <summary>What nobody asked for.</summary>
    private void Happens()
    {
        switch (_random.Next(14))
        {
            case 0: Restart(); break;
            case 1: JumpClock(AnyNode(), TimeSpan.FromSeconds(_random.Next(-30, 30))); break;
            case 13: JumpClock(AnyNode(), TimeSpan.FromMilliseconds(_random.Next(-900, 900))); break;
            case 12: Stop(AnyNode()); break;
            case 2: Pause(_random.Next(2) == 0); break;
            case < 6: Freeze(AnyWorker()); break;
            case < 8: Turn(Sky.Stormy); break;
            default: Turn(_weather.Sky is Sky.Clear ? Sky.Down : Sky.Clear); break;
        }
    }

    private void Start(Server node)
    {
        _weather.Interleaves = false;
        _turns.Finish(_turns.Begin(node, node.StartAsync));
        _turns.Finish(_turns.Begin(node, () => node.SetNarrowAsync(paused: false)));
        _weather.Interleaves = true;
    }

    /// <summary>A server's process dies and another takes its place. Whatever was on its way never arrives.</summary>
    private void Restart()
    {
        var dead = AnyNode();
        Say(_nodes.Count == 1 ? "the server dies" : $"one of {_nodes.Count} servers dies");
        _turns.Forget(dead);
        _acts.RemoveAll(act => act.Node == dead);
        dead.Kill();
        _workers.RemoveAll(worker => !worker.Remote && worker.Home == dead);
        // Down or stormy, no new process would come up.
        Turn(Sky.Clear);
        var next = _nodes[_nodes.IndexOf(dead)] = NewNode(new NodeClock(_time) { Offset = dead.Clock.Offset });
        foreach (var worker in _workers.Where(worker => worker.Home == dead)) worker.Move(next);
        Start(next);
    }

    private void ComeToRest()
    {
        Turn(Sky.Clear);
        foreach (var stopped in _nodes.Where(one => one.Stopped)) Resume(stopped);
        AskForTheTime();
        _weather.Interleaves = false;
        while (_turns.Parked > 0)
        {
            _turns.Give(0);
            Look();
        }

        Pause(paused: false);
        Say("the sky has cleared, and everybody ends what they hold");
        _told = null;
        var (last, node) = (NewWorker(remote: true), _nodes[0]);
        last.Move(node);
        for (var round = 0; round < 400 && _ledger.Live > 0; round++)
        {
            _time.Advance(RestStep);
            foreach (var sweep in node.Sweeps.Where(sweep => sweep.Every <= RestStep || round % 10 == 0)) Sweep(node, sweep);
            foreach (var worker in _workers.Append(last)) Act($"{worker.Name} beats", worker.Home, home => worker.BeatAsync(home.Source));
            Act($"{last.Name} claims", last.Home, home => last.ClaimAsync(home.Source));
            foreach (var worker in _workers.Append(last).Where(worker => worker.Busy)) Act($"{worker.Name} finishes", worker.Home, home => worker.FinishAsync(home.Source));
        }
    }

    /// <summary>Somebody comes to a node, whichever.</summary>
    private void Act(string what, Func<Server, Task> act) => Act(what, AnyNode(), act);

    private void Act(string what, Server node, Func<Server, Task> act)
    {
        // Whoever speaks to a process that is stopped waits, and what was asked is forgotten with the connection.
        if (node.Stopped) return;
        Say(what);
        _acts.Add(new ActUnderway(what, node, _turns.Begin(node, () => act(node))));
        _turns.Run();
        Look();
    }

    /// <summary>Ends what is over. A refusal and a failing store are answers; a broken promise is not.</summary>
    private void Look()
    {
        _ledger.Complain();
        var left = 0;
        for (var i = 0; i < _acts.Count; i++)
        {
            if (!_acts[i].Task.IsCompleted) _acts[left++] = _acts[i];
            else if (_acts[i].Task.IsFaulted) Answered(_acts[i]);
        }

        _acts.RemoveRange(left, _acts.Count - left);
    }

    private void Answered(ActUnderway act)
    {
        var error = act.Task.Exception!.InnerException!;
        if (error is not (StorageException or JobProblemException or LeaseLostException)) ExceptionDispatchInfo.Throw(error);
        Say($"'{act.What}' fails: {error.Message}");
    }

    private void Sweep(Server node, ISweep sweep) => Act($"sweep {sweep.Name}", node, _ => sweep.SweepAsync(default).AsTask());

    private void Sweep(Server node, Func<IReadOnlyList<ISweep>, ISweep> which) => Sweep(node, which(node.Sweeps));

    private void Wait()
    {
        var longest = _random.Next(10) switch { 0 => 10_000, < 5 => 2_400, _ => 700 };
        var wait = TimeSpan.FromMilliseconds(_random.Next(longest));
        _time.Advance(wait);
        if (wait > AsksEvery) AskForTheTime();
        _turns.Run();
        foreach (var node in _nodes)
        {
            foreach (var sweep in node.Sweeps.Where(sweep => _random.Next((int)sweep.Every.TotalMilliseconds) < 500)) Sweep(node, sweep);
        }
    }

    private void JumpClock(Server node, TimeSpan by)
    {
        Latest();
        node.Clock.Offset += by;
        Say($"the clock of node {_nodes.IndexOf(node)} jumps by {by}");
    }

    /// <summary>Nodes that share a store ask it what time it is, and believe it more than their own clock. A single node has only its own.</summary>
    private void AskForTheTime()
    {
        Latest();
        if (_nodes.Count == 1) return;
        foreach (var node in _nodes.Where(node => !node.Stopped)) node.Clock.Offset = TimeSpan.FromMilliseconds(_random.Next(-100, 100));
    }

    /// <summary>The latest time that any node has believed it to be.</summary>
    private DateTimeOffset Latest()
    {
        foreach (var node in _nodes)
        {
            if (node.Clock.GetUtcNow() is var now && now > _latest) _latest = now;
        }

        return _latest;
    }

    private void Stop(Server node)
    {
        if (node.Stopped) return;
        Say($"node {_nodes.IndexOf(node)} is stopped");
        _turns.Stop(node);
        node.Stop();
    }

    private void Resume(Server node)
    {
        Say($"node {_nodes.IndexOf(node)} goes on");
        _turns.Resume(node);
        node.Resume();
        _turns.Run();
        Look();
    }

    private void Pause(bool paused) => Act(paused ? "pause" : "resume", node => node.SetNarrowAsync(paused));

    private void Freeze(Worker worker)
    {
        worker.Frozen = !worker.Frozen;
        Say($"{worker.Name} {(worker.Frozen ? "freezes" : "is back")}");
    }

    private void Turn(Sky sky)
    {
        Say($"the sky is {sky}");
        _weather.Sky = sky;
    }

    private Worker AnyWorker()
    {
        var place = _random.Next(4);
        while (_workers.Count <= place) _workers.Add(NewWorker(remote: _random.Next(2) == 0));
        return _workers[place];
    }

    private Server AnyNode() => _nodes[_nodes.Count == 1 ? 0 : _random.Next(_nodes.Count)];

    private Server NewNode(NodeClock clock) => new(_storage, clock, _random);

    private Worker NewWorker(bool remote) => new($"{(remote ? "remote" : "local")} worker {++_names}", remote, AnyNode(), _ledger, _random, Say);

    private void Say(string what) => _told?.Add($"{_time.GetUtcNow():HH:mm:ss.fff} {what}");

    private sealed record ActUnderway(string What, Server Node, Task Task);
}

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
/// One story, told from a seed: clients, workers and a server on a store that is slow, fails and loses answers, with clocks that jump and
/// processes that die. Then the sky clears, and what was promised must hold.
/// </summary>
internal sealed class Story
{
    private const int Steps = 300;
    private const int Crowd = 8;
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
    private readonly List<(string What, Task Act)> _acts = [];
    private List<string>? _told;
    private int _names;
    private Server _server;
    private int _looked;

    private Story(int seed, Func<IJobStorage, IJobStorage>? spoil, List<string>? told)
    {
        (_random, _told) = (new Random(seed), told);
        // Stories differ in temper: some are long and deadly, and in them the same job is lost again and again.
        _deadly = _random.Next(10) == 0;
        _weather = new Weather(_random, _turns);
        var memory = new MemoryStorage(_weather.Faults);
        _storage = spoil?.Invoke(memory) ?? memory;
        _ledger = new Ledger(memory.Reopen(new MemoryStorageFaults()), Say);
        _client = new Client(_ledger, _random, _time);
        _server = new Server(_storage, _time, _random);
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
            story._server.Kill();
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    private string Tell()
    {
        Start();
        for (var step = 0; step < (_deadly ? 3 * Steps : Steps); step++)
        {
            if (_turns.Parked > 0 && (_acts.Count >= Crowd || _random.Next(2) == 0)) _turns.Give(_random.Next(_turns.Parked));
            else Begins();
            Look();
        }

        ComeToRest();
        _ledger.Close();
        return _ledger.Sum();
    }

    /// <summary>Something begins: mostly an act that takes its turns, now and then a turn of fate.</summary>
    private void Begins()
    {
        if (_weather.Sky is Sky.Down && _random.Next(8) == 0) Turn(Sky.Clear);
        switch (_random.Next(100))
        {
            case < 9 when !_deadly || _ledger.Live < 4: Act("submit", _client.SubmitAsync(_server.Clients)); break;
            case < 10: Act("submit many", _client.SubmitManyAsync(_server.Clients)); break;
            case < 12: Act("cancel", _client.CancelAsync(_server.Clients)); break;
            case < 14: Act("update", _client.UpdateAsync(_server.Clients)); break;
            case < 15: Act("retry", _client.RetryAsync(_server.Clients)); break;
            case < 16: Act("purge", _client.PurgeAsync(_server.Clients)); break;
            case < 18: Act("read", _client.ReadAsync(_server.Clients)); break;
            case < 20: Sweep(_server.Sweeps[_random.Next(_server.Sweeps.Count)]); break;
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
            case < 5: Act($"{worker.Name} beats", worker.BeatAsync(_server.Source)); break;
            case < 11: Act($"{worker.Name} claims", worker.ClaimAsync(_server.Source)); break;
            case < 14: Act($"{worker.Name} reports", worker.ReportAsync(_server.Source)); break;
            case < 19: Act($"{worker.Name} settles", worker.SettleAsync(_server.Source)); break;
            default: Act($"{worker.Name} leaves", worker.LeaveAsync(_server.Source)); break;
        }
    }

    /// <summary>What nobody asked for.</summary>
    private void Happens()
    {
        switch (_random.Next(12))
        {
            case 0: Restart(); break;
            case 1: JumpClock(TimeSpan.FromSeconds(_random.Next(-30, 30))); break;
            case 2: Pause(_random.Next(2) == 0); break;
            case < 6: Freeze(AnyWorker()); break;
            case < 8: Turn(Sky.Stormy); break;
            default: Turn(_weather.Sky is Sky.Clear ? Sky.Down : Sky.Clear); break;
        }
    }

    private void Start()
    {
        _weather.Interleaves = false;
        _turns.Finish(_server.StartAsync());
        _turns.Finish(_server.SetNarrowAsync(paused: false));
        _weather.Interleaves = true;
    }

    /// <summary>The server's process dies and another takes its place. Whatever was on its way never arrives.</summary>
    private void Restart()
    {
        Say("the server dies");
        _turns.Forget();
        _acts.Clear();
        _server.Kill();
        _workers.RemoveAll(worker => !worker.Remote);
        _workers.ForEach(worker => worker.Doubt());
        Turn(Sky.Clear);
        _server = new Server(_storage, _time, _random);
        Start();
    }

    private void ComeToRest()
    {
        Turn(Sky.Clear);
        _weather.Interleaves = false;
        while (_turns.Parked > 0)
        {
            _turns.Give(0);
            Look();
        }

        Pause(paused: false);
        Say("the sky has cleared, and everybody ends what they hold");
        _told = null;
        var last = NewWorker(remote: true);
        for (var round = 0; round < 400 && _ledger.Live > 0; round++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            foreach (var sweep in _server.Sweeps) Sweep(sweep);
            foreach (var worker in _workers.Append(last)) Act($"{worker.Name} beats", worker.BeatAsync(_server.Source));
            Act($"{last.Name} claims", last.ClaimAsync(_server.Source));
            foreach (var worker in _workers.Append(last)) Act($"{worker.Name} finishes", worker.FinishAsync(_server.Source));
        }
    }

    private void Act(string what, Task act)
    {
        Say(what);
        _acts.Add((what, act));
        _turns.Run();
        Look();
    }

    /// <summary>Looks at what is there now, and ends what is over. A refusal and a failing store are answers; a broken promise is not.</summary>
    private void Look()
    {
        if (_weather.Changes != _looked) _ledger.Look();
        _looked = _weather.Changes;
        foreach (var (what, act) in _acts.Where(one => one.Act.IsFaulted))
        {
            var error = act.Exception!.InnerException!;
            if (error is not (StorageException or JobProblemException or LeaseLostException)) ExceptionDispatchInfo.Throw(error);
            Say($"'{what}' fails: {error.Message}");
        }

        _acts.RemoveAll(one => one.Act.IsCompleted);
    }

    private void Sweep(ISweep sweep) => Act($"sweep {sweep.Name}", sweep.SweepAsync(default).AsTask());

    private void Wait()
    {
        var longest = _random.Next(10) switch { 0 => 10_000, < 5 => 2_400, _ => 700 };
        _time.Advance(TimeSpan.FromMilliseconds(_random.Next(longest)));
        _turns.Run();
        foreach (var sweep in _server.Sweeps.Where(sweep => _random.Next((int)sweep.Every.TotalMilliseconds) < 500)) Sweep(sweep);
    }

    private void JumpClock(TimeSpan by)
    {
        Say($"the clock jumps by {by}");
        _time.AdjustTime(_time.GetUtcNow() + by);
    }

    private void Pause(bool paused) => Act(paused ? "pause" : "resume", _server.SetNarrowAsync(paused));

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

    private Worker NewWorker(bool remote) => new($"{(remote ? "remote" : "local")} worker {++_names}", remote, _ledger, _random, Say);

    private void Say(string what) => _told?.Add($"{_time.GetUtcNow():HH:mm:ss.fff} {what}");
}

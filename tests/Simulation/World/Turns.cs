using System.Collections.Concurrent;

namespace Errand.Simulation.Tests.World;

/// <summary>
/// One thread, many stories: whoever awaits is continued here, and whoever parks waits for its turn. With every turn drawn from the seed
/// the same seed tells the same story.
/// </summary>
internal sealed class Turns : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Continue, object? State)> _ready = [];
    private readonly List<(TaskCompletionSource Turn, object? Process)> _parked = [];
    private readonly List<(TaskCompletionSource Turn, object? Process)> _held = [];
    private readonly HashSet<object> _stopped = [];
    private readonly AsyncLocal<object?> _process = new();

    public int Parked => _parked.Count;

    public override void Post(SendOrPostCallback d, object? state) => _ready.Enqueue((d, state));

    /// <summary>Begins something in a process; whatever it awaits later is still that process's.</summary>
    public T Begin<T>(object process, Func<T> begin)
    {
        _process.Value = process;
        try
        {
            return begin();
        }
        finally
        {
            _process.Value = null;
        }
    }

    /// <summary>Waits for a turn.</summary>
    public Task ParkAsync()
    {
        var turn = new TaskCompletionSource();
        var process = _process.Value;
        (process is not null && _stopped.Contains(process) ? _held : _parked).Add((turn, process));
        return turn.Task;
    }

    /// <summary>Gives a turn to one of those who wait, and lets it run until it waits again.</summary>
    public void Give(int place)
    {
        var (turn, _) = _parked[place];
        _parked.RemoveAt(place);
        turn.SetResult();
        Run();
    }

    /// <summary>Runs whatever is ready.</summary>
    public void Run()
    {
        while (_ready.TryDequeue(out var next)) next.Continue(next.State);
    }

    /// <summary>Runs until this is done, first come, first served.</summary>
    public void Finish(Task task)
    {
        Run();
        while (!task.IsCompleted)
        {
            if (_parked.Count == 0) throw new InvalidOperationException("Something waits for what will never come.");
            Give(0);
        }

        task.GetAwaiter().GetResult();
    }

    /// <summary>Whoever waits in this process waits for ever: it is gone.</summary>
    public void Forget(object process)
    {
        Resume(process);
        _parked.RemoveAll(one => one.Process == process);
    }

    /// <summary>Whoever waits in this process gets no turn until it is resumed.</summary>
    public void Stop(object process)
    {
        _stopped.Add(process);
        _held.AddRange(_parked.Where(one => one.Process == process));
        _parked.RemoveAll(one => one.Process == process);
    }

    public void Resume(object process)
    {
        if (!_stopped.Remove(process)) return;
        _parked.AddRange(_held.Where(one => one.Process == process));
        _held.RemoveAll(one => one.Process == process);
    }
}

namespace Errand.Simulation.Tests.World;

/// <summary>
/// One thread, many stories: whoever awaits is continued here, and whoever parks waits for its turn. With every turn drawn from the seed
/// the same seed tells the same story. Each process has a context of its own, so that whatever it awaits is still its own.
/// </summary>
internal sealed class Turns : SynchronizationContext
{
    private readonly Queue<(SynchronizationContext Of, SendOrPostCallback Continue, object? State)> _ready = [];
    private readonly List<(TaskCompletionSource Turn, Within? Of)> _parked = [];
    private readonly List<(TaskCompletionSource Turn, Within? Of)> _held = [];
    private readonly Dictionary<object, Within> _processes = [];

    public int Parked => _parked.Count;

    public override void Post(SendOrPostCallback d, object? state) => _ready.Enqueue((this, d, state));

    /// <summary>Begins something in a process; whatever it awaits later is still that process's.</summary>
    public T Begin<T>(object process, Func<T> begin)
    {
        SetSynchronizationContext(Of(process));
        try
        {
            return begin();
        }
        finally
        {
            SetSynchronizationContext(this);
        }
    }

    /// <summary>Waits for a turn.</summary>
    public Task ParkAsync()
    {
        var turn = new TaskCompletionSource();
        var of = Current as Within;
        (of is { Stopped: true } ? _held : _parked).Add((turn, of));
        return turn.Task;
    }

    /// <summary>Gives a turn to one of those who wait, and lets it run until it waits again.</summary>
    public void Give(int place)
    {
        var (turn, of) = _parked[place];
        _parked.RemoveAt(place);
        SetSynchronizationContext(of ?? (SynchronizationContext)this);
        turn.SetResult();
        SetSynchronizationContext(this);
        Run();
    }

    /// <summary>Runs whatever is ready.</summary>
    public void Run()
    {
        while (_ready.TryDequeue(out var next))
        {
            SetSynchronizationContext(next.Of);
            next.Continue(next.State);
        }

        SetSynchronizationContext(this);
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
        var of = Of(process);
        _parked.RemoveAll(one => one.Of == of);
        _processes.Remove(process);
    }

    /// <summary>Whoever waits in this process gets no turn until it is resumed.</summary>
    public void Stop(object process)
    {
        var of = Of(process);
        of.Stopped = true;
        Move(of, _parked, _held);
    }

    public void Resume(object process)
    {
        var of = Of(process);
        if (!of.Stopped) return;
        of.Stopped = false;
        Move(of, _held, _parked);
    }

    private static void Move(Within of, List<(TaskCompletionSource Turn, Within? Of)> from, List<(TaskCompletionSource Turn, Within? Of)> to)
    {
        to.AddRange(from.Where(one => one.Of == of));
        from.RemoveAll(one => one.Of == of);
    }

    private Within Of(object process) => _processes.TryGetValue(process, out var of) ? of : _processes[process] = new Within(this);

    private sealed class Within(Turns turns) : SynchronizationContext
    {
        public bool Stopped { get; set; }

        public override void Post(SendOrPostCallback d, object? state) => turns._ready.Enqueue((this, d, state));
    }
}

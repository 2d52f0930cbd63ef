using Errand.Torture.Processes;

namespace Errand.Torture.Faults;

/// <summary>Does harm at random moments: kills, stops, pushes clocks, fills the disk. Everything is started, continued and given room again.</summary>
/// <param name="rack">Whom it does harm to.</param>
/// <param name="random">What everything is drawn from, always on the thread of <see cref="RunAsync"/>.</param>
/// <param name="clockMax">No clock goes further from the true time than this: what was due then waits as long when the clock is right again.</param>
/// <param name="counts">Told of everything.</param>
/// <param name="watch">Told which nodes were hit.</param>
/// <param name="say">Told of everything in words.</param>
internal sealed class Tormentor(Rack rack, Random random, TimeSpan clockMax, FaultCounts counts, RecoveryWatch watch, Action<string> say)
{
    private readonly List<Task> _harms = [];
    private CancellationToken _stop;

    /// <summary>One harm after another, some at the same time, until it is told to stop; then all is made well.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        _stop = stop;
        while (!stop.IsCancellationRequested)
        {
            await PauseAsync(Between(100, 2500));
            if (stop.IsCancellationRequested) break;
            _harms.RemoveAll(harm => harm.IsCompletedSuccessfully);
            _harms.Add(DoHarm());
        }

        await Task.WhenAll(_harms);
        foreach (var node in rack.Nodes) node.Clock.Offset = TimeSpan.Zero;
    }

    private Task DoHarm() => random.Next(100) switch
    {
        < 35 => Node(KillAsync),
        < 45 => Node(RestartAsync),
        < 60 => Node(StopAsync),
        < 68 => JumpClock(),
        < 80 => Worker(KillAsync),
        < 88 => Worker(StopAsync),
        < 95 => rack.Database is { } database ? Take(database.Process, KillDatabaseAsync) : Node(KillAsync),
        _ => rack.Disk is { } disk ? Take(rack.Database?.Process ?? rack.Nodes[0].Process, _ => FillAsync(disk)) : Node(StopAsync),
    };

    private Task Node(Func<ChildProcess, Task> harm)
    {
        var node = random.Next(rack.Nodes.Count);
        return Take(rack.Nodes[node].Process, process =>
        {
            watch.Hit(node);
            return harm(process);
        });
    }

    private Task Worker(Func<ChildProcess, Task> harm) => rack.Workers.Count == 0 ? Task.CompletedTask : Take(rack.Workers[random.Next(rack.Workers.Count)], harm);

    private Task Take(ChildProcess process, Func<ChildProcess, Task> harm)
    {
        if (process.Taken) return Task.CompletedTask;
        process.Taken = true;
        return Async();

        async Task Async()
        {
            try
            {
                await harm(process);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or TimeoutException)
            {
                // What was done so far still counts, and so does what everybody was promised.
                say(e.Message);
                counts.FailedTo($"a fault of {process.Name}: {e.Message}");
            }
            finally
            {
                process.Taken = false;
            }
        }
    }

    private async Task KillAsync(ChildProcess process)
    {
        Note(process.Name.StartsWith("node", StringComparison.Ordinal) ? "nodes killed" : "workers killed", $"kill -9 {process.Name}");
        var pause = random.Next(3) == 0 ? Between(0, 2000) : TimeSpan.Zero;
        await process.KillAsync();
        await PauseAsync(pause);
        process.Start();
    }

    private async Task RestartAsync(ChildProcess process)
    {
        Note("nodes restarted", $"SIGTERM {process.Name}");
        var code = await process.StopAsync();
        if (code != 0) say($"{process.Name} ended with {code}");
        process.Start();
    }

    /// <summary>Now and then longer than its session lives: then it comes back as a zombie.</summary>
    private async Task StopAsync(ChildProcess process)
    {
        var pause = random.Next(3) == 0 ? Between(6_000, 13_000) : Between(200, 3_000);
        Note("processes stopped", $"SIGSTOP {process.Name} for {pause.TotalSeconds:0.0} s");
        await process.SignalAsync("STOP");
        await PauseAsync(pause);
        await process.SignalAsync("CONT");
    }

    private Task JumpClock()
    {
        var node = rack.Nodes[random.Next(rack.Nodes.Count)];
        var offset = Between(-(int)clockMax.TotalMilliseconds, (int)clockMax.TotalMilliseconds);
        Note("clocks pushed", $"the clock of {node.Process.Name} jumps by {(offset - node.Clock.Offset).TotalSeconds:0} s");
        node.Clock.Offset = offset;
        return Task.CompletedTask;
    }

    private async Task KillDatabaseAsync(ChildProcess process)
    {
        Note("database killed", $"kill -9 {process.Name}");
        for (var node = 0; node < rack.Nodes.Count; node++) watch.Hit(node);
        var pause = Between(0, 2000);
        await process.KillAsync();
        await PauseAsync(pause);
        await rack.Database!.StartAsync();
    }

    private async Task FillAsync(SmallDisk disk)
    {
        var pause = Between(1_000, 4_000);
        Note("disk filled", "the disk is full");
        for (var node = 0; node < rack.Nodes.Count; node++) watch.Hit(node);
        try
        {
            await disk.FillAsync();
            await PauseAsync(pause);
        }
        finally
        {
            await disk.ResizeAsync(Rack.DiskMegabytes);
        }

        // A database without room for its log ends itself.
        if (rack.Database is { } database) await database.StartAsync();
    }

    private void Note(string kind, string what)
    {
        counts.Happened(kind);
        say(what);
    }

    private TimeSpan Between(int least, int most) => TimeSpan.FromMilliseconds(random.Next(least, most));

    private Task PauseAsync(TimeSpan pause) =>
        Task.Delay(pause, TimeProvider.System, _stop).ContinueWith(static _ => { }, TaskScheduler.Default);
}

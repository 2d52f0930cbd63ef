using System.Text.Json.Nodes;
using Errand.Torture.Load;
using Errand.Torture.Processes;

namespace Errand.EndToEnd.Tests.Faults;

/// <summary>Two nodes on a cell, and the crowd of torture before them, which remembers every answer.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const int NodesCount = 2;
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SubmitPause = TimeSpan.FromMilliseconds(70);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Target _target;
    private readonly int _seed;
    private readonly DataFolder _folder = new();
    private readonly List<ErrandProcess> _nodes = [];
    private readonly List<Door> _doors = [];
    private readonly CancellationTokenSource _enough = new();
    private readonly Acknowledgements _acknowledged = new();
    private Task _load = Task.CompletedTask;

    private Stage(Cell cell, Target target, int seed) => (Cell, _target, _seed) = (cell, target, seed);

    public Cell Cell { get; }

    public Crowd Crowd { get; private set; } = null!;

    public IReadOnlyList<ErrandProcess> Nodes => _nodes;

    public string Token { get; private set; } = "";

    /// <summary>Builds everything and begins to submit, read and cancel.</summary>
    public static async Task<Stage> BuildAsync(int seed)
    {
        var cell = await Cell.BuildAsync();
        var stage = new Stage(cell, await Target.StartAsync(), seed);
        try
        {
            await stage.StartAsync();
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many submits have been acknowledged.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>Waits until submits that are made from now on are acknowledged; so many, and through every node.</summary>
    /// <returns>How long it took from <paramref name="since"/> until the first of them was.</returns>
    public async Task<TimeSpan> UntilAcceptedAsync(long since, int submits = 10)
    {
        var from = TimeProvider.System.GetTimestamp();
        await Wait.UntilAsync(
            () => Task.FromResult(_acknowledged.HasSince(from, submits, NodesCount)),
            Patience,
            () => $"nothing is acknowledged any more\n{string.Join('\n', _nodes.Select(node => node.Log[^Math.Min(3000, node.Log.Length)..]))}");
        return _acknowledged.FirstSince(since) is { } first ? TimeProvider.System.GetElapsedTime(since, first) : throw new InvalidOperationException("There was an acknowledgement.");
    }

    /// <summary>The submits that were made and acknowledged after an instant.</summary>
    public int AcknowledgedSince(long instant) => _acknowledged.CountSince(instant);

    /// <summary>Ends the load, lets everything end, and judges every job and every history.</summary>
    /// <param name="what">What was done, for the line that is printed.</param>
    public async Task<string> JudgeAsync(string what)
    {
        await _enough.CancelAsync();
        await _load;
        var last = _nodes.Select(node => new Door(node.Url, Token, LastPatience, _ => { })).ToList();
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        await Crowd.SendAgainAsync(last, patience.Token);
        await Crowd.WaitAsync(last, patience.Token);
        var audit = new Audit(last, _target);
        await audit.RunAsync(Crowd.Entries);
        last.ForEach(door => door.Dispose());

        var acknowledged = Crowd.Entries.Count(entry => entry.Acknowledged);
        var line = $"Faults: {what}: {acknowledged} jobs acknowledged, {audit.Lost} lost, {audit.SettledTwice} settled twice, "
            + $"{audit.NotLinearizable} histories of {audit.Calls} calls not linearizable, {audit.ItemsWrong + audit.OutputsTorn} with items or outputs wrong, "
            + $"{_target.Runs.Values.Count(n => n > 1)} runs repeated, {Crowd.Refused} submits refused with 503";
        Console.WriteLine(line);
        Assert.True(audit.Wrong.Count == 0, $"{line}\n{string.Join('\n', audit.Wrong.Take(10))}");
        Assert.Empty(Crowd.Surprises);
        Assert.Equal(Crowd.Entries.Count, acknowledged);
        return line;
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _load;
        _doors.ForEach(door => door.Dispose());
        foreach (var node in _nodes) await node.DisposeAsync();
        await KeepLogsAsync();
        await Cell.DisposeAsync();
        await _target.DisposeAsync();
        _folder.Dispose();
        _enough.Dispose();
    }

    /// <summary>What the nodes said, for whoever looks for the cause.</summary>
    private async Task KeepLogsAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(ErrandProcess.Executable)!, "..", "faults")).FullName;
        for (var node = 0; node < _nodes.Count; node++) await File.WriteAllTextAsync(Path.Combine(folder, $"{_seed}-node{node}.log"), _nodes[node].Log);
    }

    private async Task StartAsync()
    {
        var config = _folder.WriteConfig(new JsonObject
        {
            ["storage"] = new JsonObject { ["provider"] = "postgresql", ["connection"] = Cell.ConnectionString, ["requireSynchronousReplication"] = true },
            ["types"] = JobKinds.Types(_target.Url),
            ["worker"] = new JsonObject { ["slots"] = 8 },
        });
        var (code, token, error) = await ErrandProcess.RunAsync(
            "token", "create", "--subject", "faults", "--config", config, "-o", "id", "--scopes", "jobs.submit jobs.read jobs.read.input jobs.cancel jobs.work jobs.admin");
        if (code != 0) throw new InvalidOperationException($"errand token create ended with {code}: {error}");
        Token = token;
        for (var node = 0; node < NodesCount; node++)
        {
            var number = node;
            _nodes.Add(await ErrandProcess.ServeAsync(Path.Combine(_folder.Data, $"{node}"), config));
            _doors.Add(new Door(_nodes[node].Url, token, AnswerPatience, begun => _acknowledged.Add(number, begun)));
        }

        Crowd = new Crowd(_doors, JobKinds.DrawLocal, SubmitPause);
        _load = Crowd.RunAsync(new Random(_seed), _enough.Token);
        await UntilAcceptedAsync(TimeProvider.System.GetTimestamp());
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Errand.EndToEnd.Tests.Faults;
using Errand.Torture.Load;
using Errand.Torture.Processes;

namespace Errand.EndToEnd.Tests.PowerLoss;

/// <summary>One disk and everything that lies on it: a node with its data, and its PostgreSQL where it has one. The power goes for all of it at once.</summary>
internal sealed class Machine : IAsyncDisposable
{
    private const int DiskMegabytes = 2048;
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    private readonly CutDisk _disk;
    private readonly string _logs;
    private readonly bool _flushes;
    private readonly ChildProcess _node;
    private readonly int _port = ErrandProcess.FreePort();
    private PostgreSqlServer? _database;
    private string _config = "";

    private Machine(CutDisk disk, string logs, bool flushes)
    {
        (_disk, _logs, _flushes) = (disk, logs, flushes);
        _node = new ChildProcess("node", () => Errand("serve", "--data", Data, "--config", _config, "--urls", Url.GetLeftPart(UriPartial.Authority)), Path.Combine(logs, "node.log"));
    }

    public Uri Url => new($"http://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}");

    public string Token { get; private set; } = "";

    public string Tail => $"{_node.Tail}\n{_database?.Process.Tail}";

    private string Data => Path.Combine(_disk.Path, "data");

    /// <summary>Builds it, all of it on the disk; skips the test, with the reason, where that is not possible.</summary>
    /// <param name="postgreSql">Whether the node's store is a PostgreSQL on the same disk; else it is SQLite.</param>
    /// <param name="target">What jobs call.</param>
    /// <param name="logs">A folder elsewhere, which no cut reaches.</param>
    /// <param name="flushes">False for the control: flushes are not done.</param>
    public static async Task<Machine> BuildAsync(bool postgreSql, string target, string logs, bool flushes)
    {
        if (!flushes && !postgreSql) Lie.SkipIfMissing();
        var (disk, whyNot) = await CutDisk.TryMountAsync(DiskMegabytes);
        Assert.SkipWhen(disk is null, $"No power to cut: {whyNot}");
        var machine = new Machine(disk!, logs, flushes);
        try
        {
            await machine.InstallAsync(postgreSql, target);
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts everything and returns when the node is ready.</summary>
    public async Task StartAsync()
    {
        if (_database is not null) await _database.StartAsync();
        _node.Start();
        using var door = new Door(Url, Token, AnswerPatience, _ => { });
        await Wait.UntilAsync(async () => !_node.Running || await door.IsReadyAsync(), StartPatience, () => Tail);
        if (!_node.Running) throw new InvalidOperationException($"The node ended with {_node.ExitCode}:\n{Tail}");
    }

    /// <summary>Cuts the power at this instant, and brings the disk up again.</summary>
    /// <param name="scatter">What decides which of the writes that were not flushed reached the disk all the same; null: none did.</param>
    public async Task CutPowerAsync(Random? scatter)
    {
        if (scatter is not null) _disk.Scatter(scatter);

        // The disk goes first: nothing comes after that instant, whatever the processes would still do before they are gone.
        _disk.Cut();
        await KillAsync();
        await _disk.RestoreAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _node.DisposeAsync();
        if (_database is not null) await _database.Process.DisposeAsync();
        await _disk.DisposeAsync();
    }

    private async Task InstallAsync(bool postgreSql, string target)
    {
        var config = new JsonObject { ["types"] = JobKinds.Types(target), ["worker"] = new JsonObject { ["slots"] = 8 } };
        if (postgreSql)
        {
            _database = await PostgreSqlServer.TryStartAsync(Path.Combine(_logs, "database.log"), _disk.Path, _flushes ? [] : ["fsync = off"]);
            Assert.SkipWhen(_database is null, "No PostgreSQL programs: this test starts a server of its own. Install Debian's package postgresql.");
            config["storage"] = new JsonObject { ["provider"] = "postgresql", ["connection"] = _database!.ConnectionString };
        }

        _config = Path.Combine(_disk.Path, "errand.json");
        await File.WriteAllTextAsync(_config, config.ToJsonString());
        Directory.CreateDirectory(Data);
        var create = Errand(
            "token", "create", "--subject", "power", "--data", Data, "--config", _config, "-o", "id", "--scopes", "jobs.submit jobs.read jobs.read.input jobs.cancel jobs.work jobs.admin");
        var (code, token, error) = await Commands.RunAsync(create.FileName, [.. create.ArgumentList]);
        if (code != 0) throw new InvalidOperationException($"errand token create ended with {code}: {error}");
        Token = token;
        await StartAsync();

        // What was set up is no part of the experiment: initdb was told not to flush, and the control would else lose its own token.
        await _disk.FlushAsync();
    }

    private async Task KillAsync()
    {
        await _node.KillAsync();
        if (_database?.Process.Id is not { } postmaster) return;

        // It stands still first: it starts no more children then.
        await _database.Process.SignalAsync("STOP");
        await Commands.RunAsync("kill", ["-KILL", .. ProcessTree.ChildrenOf(postmaster).Append(postmaster).Select(id => id.ToString(CultureInfo.InvariantCulture))]);
        await _database.Process.KillAsync();
    }

    private ProcessStartInfo Errand(params string[] arguments)
    {
        var start = new ProcessStartInfo(ErrandProcess.Executable, arguments) { WorkingDirectory = _logs };
        if (!_flushes && _database is null) start.Environment["LD_PRELOAD"] = Lie.Library;
        return start;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Errand.Torture.Load;

namespace Errand.Torture.Processes;

/// <summary>Everything that is tortured, and the service that its jobs call.</summary>
internal sealed class Rack : IAsyncDisposable
{
    public const int DiskMegabytes = 2048;

    private readonly TortureOptions _options;
    private readonly List<Node> _nodes = [];
    private readonly List<ChildProcess> _workers = [];

    private Rack(TortureOptions options, Target target) => (_options, Target) = (options, target);

    public Target Target { get; }

    /// <summary>Null where the store is a file, or a database that was there before.</summary>
    public PostgreSqlServer? Database { get; private set; }

    /// <summary>Where the store lies: the server's data, or the database that was started. Null without root, and for a database that was there before.</summary>
    public SmallDisk? Disk { get; private set; }

    /// <summary>Whether what lies on <see cref="Disk"/> is copied beside the logs before it goes, for whoever looks for the defect.</summary>
    public bool KeepsDisk { get; set; }

    public IReadOnlyList<Node> Nodes => _nodes;

    public IReadOnlyList<ChildProcess> Workers => _workers;

    public string Token { get; private set; } = "";

    private string Data => Path.Combine(_options.Store is TortureStore.Sqlite ? Disk?.Path ?? _options.Folder : _options.Folder, "data");

    private string Config => Path.Combine(_options.Folder, "errand.json");

    /// <summary>Starts everything.</summary>
    public static async Task<Rack> BuildAsync(TortureOptions options, Func<TimeSpan> work)
    {
        var rack = new Rack(options, await Target.StartAsync(work));
        try
        {
            await rack.BuildAsync();
            return rack;
        }
        catch
        {
            await rack.DisposeAsync();
            throw;
        }
    }

    /// <summary>The last words of every process.</summary>
    public string Tails() => string.Join('\n', _nodes.Select(node => node.Process).Concat(_workers).Select(process => $"--- {process.Name}\n{process.Tail}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers) await worker.DisposeAsync();
        foreach (var node in _nodes) await node.DisposeAsync();
        if (Database is not null) await Database.DisposeAsync();
        if (Disk is not null)
        {
            if (KeepsDisk) await Commands.RunAsync("cp", ["-a", Disk.Path, Path.Combine(_options.Folder, "disk")]);
            await Disk.DisposeAsync();
        }

        await Target.DisposeAsync();
    }

    private async Task BuildAsync()
    {
        var config = new JsonObject { ["types"] = JobKinds.Types(Target.Url), ["worker"] = new JsonObject { ["slots"] = 8, ["drainTimeout"] = "5s" } };
        if (_options.Connection is null) Disk = await SmallDisk.TryMountAsync(DiskMegabytes);
        if (_options.Store is TortureStore.PostgreSql)
        {
            if (_options.Connection is null) Database = await PostgreSqlServer.TryStartAsync(Log("database"), Disk?.Path);
            var connection = _options.Connection ?? Database?.ConnectionString
                ?? throw new InvalidOperationException("There is no PostgreSQL here to start: install it, or name a database with --storage postgresql:CONNECTION.");
            config["storage"] = new JsonObject { ["provider"] = "postgresql", ["connection"] = connection, ["schema"] = _options.Schema };
        }

        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Config, config.ToJsonString());
        Token = await CreateTokenAsync();
        for (var i = 1; i <= _options.Nodes; i++) _nodes.Add(MakeNode(i));
        for (var i = 1; i <= _options.Workers; i++) _workers.Add(MakeWorker(i));
        foreach (var process in _nodes.Select(node => node.Process).Concat(_workers)) process.Start();
    }

    private async Task<string> CreateTokenAsync()
    {
        var start = Errand(
            "token", "create", "--subject", "torture", "--data", Data, "--config", Config, "-o", "id", "--scopes", "jobs.submit jobs.read jobs.read.input jobs.cancel jobs.work jobs.admin");
        var (code, output, error) = await Commands.RunAsync(start.FileName, [.. start.ArgumentList]);
        return code == 0 ? output : throw new InvalidOperationException($"errand token create ended with {code}: {error}");
    }

    private Node MakeNode(int number)
    {
        var name = $"node {number.ToString(CultureInfo.InvariantCulture)}";
        var (url, clock) = (new Uri($"http://127.0.0.1:{Commands.FreePort().ToString(CultureInfo.InvariantCulture)}"), Path.Combine(_options.Folder, $"clock-{number}"));
        // Nodes on one database need no folder in common.
        var data = _options.Nodes == 1 ? Data : $"{Data}-{number}";
        var process = new ChildProcess(
            name, () => Errand("torture", "--role", "node", "--data", data, "--config", Config, "--urls", url.GetLeftPart(UriPartial.Authority), "--clock", clock), Log(name));
        return new Node(process, url, new PushedClock(clock));
    }

    private ChildProcess MakeWorker(int number)
    {
        var (name, node) = ($"worker {number.ToString(CultureInfo.InvariantCulture)}", _nodes[(number - 1) % _nodes.Count]);
        return new ChildProcess(
            name,
            () =>
            {
                var start = Errand("torture", "--role", "worker", "--urls", node.Url.GetLeftPart(UriPartial.Authority), "--target", Target.Url);
                start.Environment["ERRAND_TOKEN"] = Token;
                return start;
            },
            Log(name));
    }

    private ProcessStartInfo Errand(params string[] arguments) =>
        new(_options.Program[0], [.. _options.Program.Skip(1), .. arguments]) { RedirectStandardInput = false, WorkingDirectory = _options.Folder };

    private string Log(string name) => Path.Combine(_options.Folder, $"{name.Replace(' ', '-')}.log");
}

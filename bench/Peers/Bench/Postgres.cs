using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Errand.Peers.Bench;

/// <summary>A throw-away cluster, and an empty database in it for each block.</summary>
internal sealed class Postgres : IAsyncDisposable
{
    /// <summary>What is set beside PostgreSQL's defaults; fsync, full_page_writes and synchronous_commit are on by default and stay so.</summary>
    public static readonly IReadOnlyList<string> Settings = ["shared_buffers = 1GB", "max_wal_size = 4GB", "max_connections = 200"];

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly string _folder;
    private readonly int _port;

    private Postgres(string folder, int port) => (_folder, _port) = (folder, port);

    /// <summary>Where the newest release keeps its programs; null where there is none.</summary>
    public static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderBy(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var release) ? release : 0)
            .Select(folder => Path.Combine(folder, "bin")).LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
        : null;

    public string Version { get; private set; } = "";

    public static async Task<Postgres> StartAsync(string folder)
    {
        var postgres = new Postgres(folder, FreePort());
        Directory.CreateDirectory(folder);
        if (Environment.UserName == "root") await Processes.RunAsync("chmod", ["777", folder], Limit);
        await AsServerAsync("initdb", "-D", $"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C");
        await File.AppendAllLinesAsync(
            $"{folder}/data/postgresql.conf",
            ["listen_addresses = '127.0.0.1'", string.Create(CultureInfo.InvariantCulture, $"port = {postgres._port}"), $"unix_socket_directories = '{folder}'", .. Settings]);
        await AsServerAsync("pg_ctl", "-D", $"{folder}/data", "-l", $"{folder}/log", "-w", "start");
        postgres.Version = (await postgres.AskAsync("SHOW server_version"))!;
        foreach (var name in new[] { "fsync", "synchronous_commit", "full_page_writes" })
        {
            if (await postgres.AskAsync($"SHOW {name}") is not "on") throw new InvalidOperationException($"{name} is off: the figures would not compare.");
        }

        return postgres;
    }

    /// <summary>An empty database, as the part's library wants to be told of it.</summary>
    public async Task<string> CreateAsync(string name, bool url)
    {
        await AskAsync($"CREATE DATABASE \"{name}\"");
        // What the last block left to be written is not charged to the next.
        await AskAsync("CHECKPOINT");
        return url
            ? string.Create(CultureInfo.InvariantCulture, $"postgres://postgres@127.0.0.1:{_port}/{name}")
            : Connection(name);
    }

    public async Task DropAsync(string name) => await AskAsync($"DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await AsServerAsync("pg_ctl", "-D", $"{_folder}/data", "-m", "immediate", "-w", "stop");
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Connection(string database) => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Database={database};Username=postgres");

    private async Task<string?> AskAsync(string sql)
    {
        await using var open = new NpgsqlConnection(Connection("postgres"));
        await open.OpenAsync();
        await using var command = new NpgsqlCommand(sql, open);
        return await command.ExecuteScalarAsync() as string;
    }

    // PostgreSQL refuses to run as root.
    private static Task<string> AsServerAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        return Environment.UserName == "root"
            ? Processes.RunAsync("setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", path, .. arguments], Limit)
            : Processes.RunAsync(path, arguments, Limit);
    }
}

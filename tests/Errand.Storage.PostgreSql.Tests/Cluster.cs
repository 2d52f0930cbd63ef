using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>A throw-away PostgreSQL server in a folder of its own, on a loopback port. PostgreSQL refuses to run as root: there, it runs as <c>nobody</c>.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const string Nobody = "65534";
    private const int LinesKept = 50;

    private readonly string _folder;
    private readonly Queue<string> _lines = new();
    private Process? _server;

    private Cluster(string folder, int port) => (_folder, Port) = (folder, port);

    public int Port { get; }

    public string ConnectionString =>
        $"Host=127.0.0.1;Port={Port.ToString(CultureInfo.InvariantCulture)};Database=postgres;Username=postgres;Maximum Pool Size=20";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Where the server's programs lie; null when there are none.</summary>
    public static string? Programs { get; } = FindPrograms();

    /// <param name="settings">Lines of <c>postgresql.conf</c> over the ones for tests.</param>
    public static async Task<Cluster> StartAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("errand-postgres-").FullName;
        var cluster = new Cluster(folder, FreePort());
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        await RunAsync("initdb", "-D", cluster.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        await cluster.WriteAsync([.. Settings(cluster), .. settings]);
        await cluster.StartServerAsync();
        return cluster;
    }

    /// <summary>A standby that follows this server, with its settings and its own port: a base backup over SQL, for not every package of PostgreSQL has a program for that.</summary>
    public async Task<Cluster> StartStandbyAsync()
    {
        var folder = Directory.CreateTempSubdirectory("errand-postgres-").FullName;
        var standby = new Cluster(folder, FreePort());
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await AskAsync(connection, "SELECT pg_backup_start('standby', true)::text");
        await RunAsNobodyAsync("cp", "-a", Data, standby.Data);
        var label = await AskAsync(connection, "SELECT labelfile FROM pg_backup_stop(false)");
        await RunAsNobodyAsync("sh", "-c", "cd \"$1\" && rm -rf postmaster.pid pg_wal/* && touch standby.signal && printf %s \"$2\" > backup_label", "sh", standby.Data, label);
        await standby.WriteAsync([.. Settings(standby), $"primary_conninfo = 'host=127.0.0.1 port={Port.ToString(CultureInfo.InvariantCulture)} user=postgres'"]);
        await standby.StartServerAsync();
        return standby;
    }

    public Task PromoteAsync() => RunAsync("pg_ctl", "-D", Data, "promote");

    /// <summary>kill -9 of the postmaster; its children end with it.</summary>
    public async Task KillAsync()
    {
        _server!.Kill();
        await _server.WaitForExitAsync();
    }

    /// <summary>Ends every process of the server at once, as a crash would, and starts it again.</summary>
    public async Task CrashAsync()
    {
        await RunAsync("pg_ctl", "-D", Data, "-m", "immediate", "-W", "stop");
        await _server!.WaitForExitAsync();
        await StartServerAsync();
    }

    public async Task SetAsync(string setting)
    {
        await WriteAsync(setting);
        await RunAsync("pg_ctl", "-D", Data, "reload");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
        {
            await RunAsync("pg_ctl", "-D", Data, "-m", "immediate", "-W", "stop");
            await _server.WaitForExitAsync();
        }

        _server?.Dispose();
        _server = null;
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static string[] Settings(Cluster cluster) =>
    [
        "listen_addresses = '127.0.0.1'", $"port = {cluster.Port.ToString(CultureInfo.InvariantCulture)}", $"unix_socket_directories = '{cluster._folder}'",
        "shared_buffers = 64MB", "max_connections = 300", "fsync = on", "autovacuum_naptime = 5s", "log_min_messages = fatal",
        "max_wal_size = 256MB",
    ];

    private Task WriteAsync(params string[] settings) => File.AppendAllLinesAsync(Path.Combine(Data, "postgresql.conf"), settings);

    private async Task StartServerAsync()
    {
        _server = StartAsNobody(Path.Combine(Programs!, "postgres"), "-D", Data);
        _ = Task.WhenAll(KeepAsync(_server.StandardOutput), KeepAsync(_server.StandardError));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var tries = 0; tries < 1_500; tries++)
        {
            if (await AnswersAsync()) return;
            if (_server.HasExited) break;
            await timer.WaitForNextTickAsync();
        }

        lock (_lines) throw new InvalidOperationException($"PostgreSQL did not start: {string.Join('\n', _lines)}");
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Timeout=2");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task KeepAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            lock (_lines)
            {
                _lines.Enqueue(line);
                if (_lines.Count > LinesKept) _lines.Dequeue();
            }
        }
    }

    private static async Task<string> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static Task RunAsync(string program, params string[] arguments) => RunAsNobodyAsync(Path.Combine(Programs!, program), arguments);

    private static async Task RunAsNobodyAsync(string program, params string[] arguments)
    {
        using var process = StartAsNobody(program, arguments);
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} failed: {string.Join('\n', await output)}");
    }

    /// <summary>Starts a program that refuses to run as root.</summary>
    public static Process StartAsNobody(string path, params string[] arguments)
    {
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        start.WorkingDirectory = Path.GetTempPath();
        return Process.Start(start)!;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindPrograms()
    {
        string[] places =
        [
            // Another version than the one that is installed: see eng/postgres-18.sh.
            Environment.GetEnvironmentVariable("ERRAND_POSTGRES_PROGRAMS") ?? "",
            .. Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(v => v + "/bin") : [],
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
        ];
        return places.FirstOrDefault(place => File.Exists(Path.Combine(place, "initdb")) && File.Exists(Path.Combine(place, "postgres")));
    }
}

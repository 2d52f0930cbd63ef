using System.Diagnostics;
using System.Globalization;

namespace Errand.Torture.Processes;

/// <summary>A PostgreSQL of our own, in a folder of its own. PostgreSQL refuses to run as root: there, it runs as <c>nobody</c>.</summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string Nobody = "65534";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _programs;
    private readonly string _folder;
    private readonly int _port = Commands.FreePort();

    private PostgreSqlServer(string programs, string log, string? place)
    {
        (_programs, _folder) = (programs, place is null ? Directory.CreateTempSubdirectory("errand-postgres-").FullName : Directory.CreateDirectory(Path.Combine(place, "postgres")).FullName);
        Process = new ChildProcess("the database", () => Program("postgres", "-D", Data), log);
    }

    public ChildProcess Process { get; }

    public string ConnectionString => $"Host=127.0.0.1;Port={_port.ToString(CultureInfo.InvariantCulture)};Database=postgres;Username=postgres";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Null where PostgreSQL is not installed.</summary>
    /// <param name="log">The file that gets what it says.</param>
    /// <param name="place">The folder to lie in; null for a temporary one.</param>
    /// <param name="settings">Lines of <c>postgresql.conf</c> over its own.</param>
    public static async Task<PostgreSqlServer?> TryStartAsync(string log, string? place = null, params IReadOnlyList<string> settings)
    {
        if (FindPrograms() is not { } programs) return null;
        var server = new PostgreSqlServer(programs, log, place);
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(server._folder, (UnixFileMode)0b111_111_111);
        var init = server.Program("initdb", "-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        var (code, _, error) = await Commands.RunAsync(init.FileName, [.. init.ArgumentList]);
        if (code != 0) throw new InvalidOperationException($"initdb failed: {error}");
        await File.AppendAllLinesAsync(Path.Combine(server.Data, "postgresql.conf"),
        [
            "listen_addresses = '127.0.0.1'", $"port = {server._port.ToString(CultureInfo.InvariantCulture)}", $"unix_socket_directories = '{server._folder}'",
            "shared_buffers = 64MB", "max_connections = 300", "fsync = on", "log_min_messages = fatal", .. settings,
        ]);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it and waits until it answers. After a kill the children of the old one may hold its memory for a moment: then it is tried again.</summary>
    public async Task StartAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await AnswersAsync())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience) throw new TimeoutException($"PostgreSQL does not start: {Process.Tail}");
            if (!Process.Running) Process.Start();
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        var stop = Program("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");
        await Commands.RunAsync(stop.FileName, [.. stop.ArgumentList]);
        await Process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        if (!Process.Running) return false;
        var ask = Program("pg_isready", "-q", "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", "postgres");
        return (await Commands.RunAsync(ask.FileName, [.. ask.ArgumentList])).Code == 0;
    }

    private ProcessStartInfo Program(string name, params string[] arguments)
    {
        var path = Path.Combine(_programs, name);
        return new ProcessStartInfo(
            Environment.IsPrivilegedProcess ? "setpriv" : path,
            Environment.IsPrivilegedProcess ? ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", path, .. arguments] : arguments)
        {
            WorkingDirectory = Path.GetTempPath(),
        };
    }

    private static string? FindPrograms()
    {
        string[] places =
        [
            .. Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => version + "/bin") : [],
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
        ];
        return places.FirstOrDefault(place => File.Exists(Path.Combine(place, "initdb")) && File.Exists(Path.Combine(place, "postgres")));
    }
}

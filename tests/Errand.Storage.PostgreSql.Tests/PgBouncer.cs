using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>
/// PgBouncer in transaction mode before a server, with fewer connections to it than it gets from us: a connection of ours is another session
/// of the server with each transaction.
/// </summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private const int ServerConnections = 3;

    private readonly string _folder;
    private readonly Process _process;

    private PgBouncer(string folder, Process process, string connectionString) => (_folder, _process, ConnectionString) = (folder, process, connectionString);

    public string ConnectionString { get; }

    public static string? Program { get; } = new[] { "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer" }.FirstOrDefault(File.Exists);

    public static void SkipWhereThereIsNone() =>
        Assert.SkipWhen(Program is null, "No PgBouncer: install Debian's package pgbouncer (eng/restore.sh does so as root).");

    public static async Task<PgBouncer> StartAsync(string server)
    {
        var target = new NpgsqlConnectionStringBuilder(server);
        var folder = Directory.CreateTempSubdirectory("errand-pgbouncer-").FullName;
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        var port = Cluster.FreePort();
        var (users, settings) = (Path.Combine(folder, "users.txt"), Path.Combine(folder, "pgbouncer.ini"));
        await File.WriteAllTextAsync(users, $"\"{target.Username}\" \"{target.Password}\"\n");
        await File.WriteAllLinesAsync(
            settings,
            [
                "[databases]", string.Create(CultureInfo.InvariantCulture, $"* = host={target.Host} port={target.Port}"),
                "[pgbouncer]", "listen_addr = 127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"listen_port = {port}"), "unix_socket_dir =",
                "auth_type = trust", $"auth_file = {users}", "pool_mode = transaction", "max_client_conn = 500",
                string.Create(CultureInfo.InvariantCulture, $"default_pool_size = {ServerConnections}"), "ignore_startup_parameters = extra_float_digits",
            ]);
        var process = Cluster.StartAsNobody(Program!, settings);
        _ = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var given = new NpgsqlConnectionStringBuilder(server) { Host = "127.0.0.1", Port = port };
        var pooler = new PgBouncer(folder, process, given.ConnectionString);
        await pooler.WaitAsync();
        return pooler;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var tries = 0; tries < 200 && !_process.HasExited; tries++)
        {
            try
            {
                await TestServer.RunAsync(ConnectionString + ";Timeout=2", "SELECT 1");
                return;
            }
            catch (NpgsqlException)
            {
                await timer.WaitForNextTickAsync();
            }
        }

        throw new InvalidOperationException("PgBouncer did not start.");
    }
}

using System.Diagnostics;
using System.Globalization;
using Errand.Storage.PostgreSql.Tests;
using Errand.Torture.Processes;
using Npgsql;

namespace Errand.EndToEnd.Tests.Faults;

/// <summary>One PostgreSQL of a cell, on a host of its own.</summary>
internal sealed class Member : IAsyncDisposable
{
    private const string Nobody = "65534";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Network _network;
    private readonly int _host;
    private readonly string _folder;
    private readonly ChildProcess _process;

    public Member(Network network, int host, string folder)
    {
        (_network, _host, _folder) = (network, host, Path.Combine(folder, $"m{Number(host)}"));
        Directory.CreateDirectory(_folder);
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        _process = new ChildProcess(Name, () => Program("postgres", "-D", Data), Path.Combine(folder, $"{Name}.log"));
    }

    public string Name => $"m{Number(_host)}";

    public string Address => _network.Address(_host);

    public string Tail => _process.Tail;

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Makes it the first of its cell.</summary>
    public async Task InitializeAsync(string standbyNames)
    {
        await RunAsync("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        await File.AppendAllLinesAsync(Path.Combine(Data, "pg_hba.conf"), ["host all all 198.18.0.0/15 trust", "host replication all 198.18.0.0/15 trust"]);
        await File.AppendAllLinesAsync(
            Path.Combine(Data, "postgresql.conf"),
            [
                "listen_addresses = '*'", "port = 5432", "shared_buffers = 64MB", "max_connections = 200", "max_wal_size = 256MB", "log_min_messages = fatal",
                $"synchronous_standby_names = '{standbyNames}'", "wal_keep_size = 512MB", "wal_receiver_timeout = 5s", "wal_sender_timeout = 5s", "wal_retrieve_retry_interval = 200ms",
            ]);
    }

    /// <summary>Makes it a standby of another: a base backup over the primary's SQL, so that nothing but the server's own programs is needed.</summary>
    public async Task CloneAsync(Member primary)
    {
        if (Directory.Exists(Data)) Directory.Delete(Data, recursive: true);
        await using var connection = await primary.OpenAsync();
        await AskAsync(connection, "SELECT pg_backup_start('clone', true)::text");
        await Commands.RunAsync("cp", ["-a", primary.Data, Data]);
        var label = await AskAsync(connection, "SELECT labelfile FROM pg_backup_stop(false)");
        await File.WriteAllTextAsync(Path.Combine(Data, "backup_label"), label);
        File.Delete(Path.Combine(Data, "postmaster.pid"));
        File.Delete(Path.Combine(Data, "postgresql.auto.conf"));
        foreach (var segment in Directory.GetFiles(Path.Combine(Data, "pg_wal"))) File.Delete(segment);
        await File.WriteAllTextAsync(Path.Combine(Data, "standby.signal"), "");
        await File.WriteAllTextAsync(Path.Combine(Data, "postgresql.auto.conf"), $"primary_conninfo = '{Conninfo(primary)}'\n");
        var (code, _, error) = await Commands.RunAsync("chown", ["-R", $"{Nobody}:{Nobody}", Data]);
        if (code != 0) throw new InvalidOperationException(error);
    }

    public async Task StartAsync()
    {
        await File.WriteAllLinesAsync(
            Path.Combine(Data, "postgresql.conf"),
            [
                .. (await File.ReadAllLinesAsync(Path.Combine(Data, "postgresql.conf"))).Where(line => !line.StartsWith("cluster_name", StringComparison.Ordinal)
                    && !line.StartsWith("unix_socket_directories", StringComparison.Ordinal)),
                $"cluster_name = '{Name}'", $"unix_socket_directories = '{_folder}'",
            ]);
        _process.Start();
        await Wait.UntilAsync(AnswersAsync, Patience, () => $"{Name} does not start:\n{_process.Tail}");
    }

    /// <summary>Ends all its processes at once, as when its machine dies.</summary>
    public async Task KillAsync()
    {
        await SignalAsync("KILL");
        await _process.KillAsync();
    }

    /// <summary>All its processes stand still, or go on; the connections stay.</summary>
    public async Task SignalAsync(string signal)
    {
        if (_process.Id is not { } id) return;

        // The parent stands still first: it starts no more children then.
        await _process.SignalAsync("STOP");
        var all = ProcessTree.ChildrenOf(id).Append(id).Select(Number);
        await Commands.RunAsync("kill", [$"-{signal}", .. all]);
    }

    /// <summary>Lets go of its primary: whatever that still commits does not come here, and it does not hear that it came.</summary>
    public async Task LeaveAsync()
    {
        await AskAsync("ALTER SYSTEM SET primary_conninfo = ''");
        await AskAsync("SELECT pg_reload_conf()::text");
        await Wait.UntilAsync(async () => await AskAsync("SELECT count(*)::text FROM pg_stat_wal_receiver") == "0", Patience, () => $"{Name} does not let go of its primary");
    }

    public async Task FollowAsync(Member primary)
    {
        await AskAsync($"ALTER SYSTEM SET primary_conninfo = '{Conninfo(primary)}'");
        await AskAsync("SELECT pg_reload_conf()::text");
    }

    public Task PromoteAsync() => AskAsync("SELECT pg_promote(true, 60)::text");

    /// <summary>How much of the log it has on disk, in bytes.</summary>
    public async Task<decimal> LogAsync() => decimal.Parse(
        await AskAsync("SELECT (GREATEST(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn)::text"), CultureInfo.InvariantCulture);

    /// <summary>Waits until so many standbys are there for its commits to wait for.</summary>
    public Task UntilFollowedAsync(int standbys) => Wait.UntilAsync(
        async () => await AskAsync("SELECT count(*)::text FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'quorum'") == Number(standbys),
        Patience,
        () => $"{Name} is not followed by {standbys} standbys");

    public async Task<string> AskAsync(string sql)
    {
        await using var connection = await OpenAsync();
        return await AskAsync(connection, sql);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _process.DisposeAsync();
    }

    private static async Task<string> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() as string ?? "";
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        // The wait for a standby is the cell's business, not that of whoever looks after it.
        var connection = new NpgsqlConnection($"Host={Address};Database=postgres;Username=postgres;Pooling=false;Timeout=5;Command Timeout=90;Options=-c synchronous_commit=local");
        await connection.OpenAsync();
        return connection;
    }

    private async Task<bool> AnswersAsync()
    {
        if (!_process.Running) return false;
        try
        {
            await using var connection = await OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private string Conninfo(Member primary) => $"host={primary.Address} user=postgres application_name={Name} connect_timeout=2";

    private async Task RunAsync(string program, params string[] arguments)
    {
        var start = Program(program, arguments);
        var (code, output, error) = await Commands.RunAsync(start.FileName, [.. start.ArgumentList]);
        if (code != 0) throw new InvalidOperationException($"{program} failed: {output}\n{error}");
    }

    private ProcessStartInfo Program(string name, params string[] arguments)
    {
        string[] words = [.. _network.On(_host), "setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups", Path.Combine(Cluster.Programs!, name), .. arguments];
        return new ProcessStartInfo(words[0], words[1..]) { WorkingDirectory = Path.GetTempPath() };
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

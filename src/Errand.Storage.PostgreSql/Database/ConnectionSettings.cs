using System.Globalization;
using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>The caller's connection string, with what the store's promises rest on.</summary>
internal static class ConnectionSettings
{
    public static NpgsqlConnectionStringBuilder Of(PostgreSqlStorageOptions options)
    {
        var given = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            // A time-out must not cancel: the server would stop waiting for its standbys, commit, and report success.
            CancellationTimeout = -1,
            // Nothing is left behind in a session: no setting, no lock, no temporary table.
            NoResetOnClose = true,
            Enlist = false,
            IncludeErrorDetail = false,
        };
        if (!IsGiven(given, "Timeout")) settings.Timeout = 2;
        if (!IsGiven(given, "Command Timeout")) settings.CommandTimeout = 10;
        if (!IsGiven(given, "Keepalive")) settings.KeepAlive = 5;
        if (!IsGiven(given, "TCP Keepalive")) (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) = (true, 5, 2);
        if (!IsGiven(given, "Application Name")) settings.ApplicationName = "errand";
        if (!IsGiven(given, "Max Auto Prepare")) settings.MaxAutoPrepare = options.Pooler ? 0 : 200;
        if (!IsGiven(given, "Auto Prepare Min Usages")) settings.AutoPrepareMinUsages = 3;
        // The primary is found by Hosts.
        settings.Remove("Target Session Attributes");
        settings.Remove("Load Balance Hosts");
        settings.Remove("Host Recheck Seconds");
        return settings;
    }

    /// <summary>The same for each of the servers that are named.</summary>
    public static IEnumerable<NpgsqlConnectionStringBuilder> HostsOf(NpgsqlConnectionStringBuilder settings)
    {
        foreach (var host in (settings.Host ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            var one = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Host = host };

            // "db1:5433", "[::1]:5433"; a path of a socket and a bare IPv6 address have no port.
            var colon = host.LastIndexOf(':');
            var hasPort = colon > 0 && host[0] != '/' && (host.IndexOf(':', StringComparison.Ordinal) == colon || host[colon - 1] == ']');
            if (hasPort && int.TryParse(host[(colon + 1)..], CultureInfo.InvariantCulture, out var port)) (one.Host, one.Port) = (host[..colon], port);
            yield return one;
        }
    }

    /// <summary>What messages call the server: hosts and database, never a password.</summary>
    public static string NameOf(NpgsqlConnectionStringBuilder settings) =>
        $"PostgreSQL {settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";

    private static bool IsGiven(NpgsqlConnectionStringBuilder given, string key) => given.ContainsKey(key) && given.Keys.Contains(key, StringComparer.OrdinalIgnoreCase);
}

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
        if (!IsGiven(given, "Host Recheck Seconds")) settings.HostRecheckSeconds = 1;
        if (!IsGiven(given, "Timeout")) settings.Timeout = 2;
        if (!IsGiven(given, "Command Timeout")) settings.CommandTimeout = 10;
        if (!IsGiven(given, "Keepalive")) settings.KeepAlive = 5;
        if (!IsGiven(given, "TCP Keepalive")) (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) = (true, 5, 2);
        if (!IsGiven(given, "Application Name")) settings.ApplicationName = "errand";
        if (!IsGiven(given, "Max Auto Prepare")) settings.MaxAutoPrepare = options.Pooler ? 0 : 200;
        if (!IsGiven(given, "Auto Prepare Min Usages")) settings.AutoPrepareMinUsages = 3;
        settings.Remove("Target Session Attributes");
        return settings;
    }

    /// <summary>What messages call the server: hosts and database, never a password.</summary>
    public static string NameOf(NpgsqlConnectionStringBuilder settings) =>
        $"PostgreSQL {settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";

    private static bool IsGiven(NpgsqlConnectionStringBuilder given, string key) => given.ContainsKey(key) && given.Keys.Contains(key, StringComparer.OrdinalIgnoreCase);
}

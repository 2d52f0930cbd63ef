using Microsoft.Extensions.Logging;

namespace Errand.Storage.PostgreSql;

internal static partial class PostgreSqlLog
{
    [LoggerMessage(1600, LogLevel.Information, "Opened {Server}, schema {Schema}, version {Version}. Commits wait for standbys: {Waits}.")]
    public static partial void Opened(ILogger logger, string server, string schema, int version, bool waits);

    [LoggerMessage(1601, LogLevel.Warning, "The upkeep of {Server} failed; it comes again in {Every}.")]
    public static partial void UpkeepFailed(ILogger logger, Exception exception, string server, TimeSpan every);
}

using Microsoft.Extensions.Logging;

namespace Errand.Storage.PostgreSql;

internal static partial class PostgreSqlLog
{
    [LoggerMessage(1600, LogLevel.Information, "Opened {Server}, schema {Schema}, version {Version}. Commits wait for standbys: {Waits}.")]
    public static partial void Opened(ILogger logger, string server, string schema, int version, bool waits);

    [LoggerMessage(1601, LogLevel.Warning, "The upkeep of {Server} failed; it comes again every {Every}.")]
    public static partial void UpkeepFailed(ILogger logger, Exception exception, string server, TimeSpan every);

    [LoggerMessage(1602, LogLevel.Debug, "Hints could not be told on {Server}; other nodes find by themselves what changed.")]
    public static partial void HintsNotTold(ILogger logger, Exception exception, string server);

    [LoggerMessage(1603, LogLevel.Information, "The connection to {Server} that hears hints ended; it is made again in {After}.")]
    public static partial void HintsNotHeard(ILogger logger, Exception exception, string server, TimeSpan after);

    [LoggerMessage(1604, LogLevel.Warning, "This node's beat on {Server} was not committed. Without one, jobs are not shown: what that server has may be lost.")]
    public static partial void BeatFailed(ILogger logger, Exception exception, string server);

    [LoggerMessage(1605, LogLevel.Information, "This node's beat on {Server} is committed again.")]
    public static partial void Beats(ILogger logger, string server);

    [LoggerMessage(1606, LogLevel.Information, "The upkeep of {Server} works again.")]
    public static partial void UpkeepWorks(ILogger logger, string server);
}

using Microsoft.Extensions.Logging;

namespace Errand.Storage.Sqlite;

internal static partial class SqliteLog
{
    [LoggerMessage(1000, LogLevel.Information, "Opened {File} with schema {Version}.")]
    public static partial void Opened(ILogger logger, string file, int version);

    [LoggerMessage(1001, LogLevel.Warning, "Copying {Log} into the database failed; it is tried again with the next writes.")]
    public static partial void CheckpointFailed(ILogger logger, Exception exception, string log);

    [LoggerMessage(1002, LogLevel.Error, "A write to {Folder} did not fit. New jobs are refused until there is room again.")]
    public static partial void DiskFull(ILogger logger, string folder);

    [LoggerMessage(1003, LogLevel.Warning, "Another process holds {Folder}; waiting for it for up to {Seconds} seconds.")]
    public static partial void Waiting(ILogger logger, string folder, double seconds);

    [LoggerMessage(1004, LogLevel.Warning, "The database {File}, in which jobs of the app's transactions may wait, is not there.")]
    public static partial void OutboxMissing(ILogger logger, string file);
}

using Microsoft.Extensions.Logging;

namespace Errand.Worker;

internal sealed partial class JobWorker
{
    [LoggerMessage(1200, LogLevel.Information, "Worker session {Session} is open: {Slots} slots, {Types} types.")]
    private partial void LogOpened(SessionId session, int slots, int types);

    [LoggerMessage(1201, LogLevel.Warning, "No worker session can be opened; trying again.")]
    private partial void LogNotOpened(Exception e);

    [LoggerMessage(1202, LogLevel.Information, "No handler is registered here, so this process runs no jobs. Add one with AddHandler.")]
    private partial void LogNoHandlers();

    [LoggerMessage(1203, LogLevel.Warning, "{Attempts} handlers did not finish in the time that the shutdown gives them; they are told to stop.")]
    private partial void LogStoppingHandlers(int attempts);

    [LoggerMessage(1204, LogLevel.Warning, "{Attempts} handlers did not stop; their jobs are given back without them.")]
    private partial void LogHandlersLeft(int attempts);

    [LoggerMessage(1205, LogLevel.Information, "Worker session {Session} is closed.")]
    private partial void LogClosed(SessionId session);

    [LoggerMessage(1206, LogLevel.Warning, "Worker session {Session} could not be closed; it will expire.")]
    private partial void LogNotClosed(Exception e, SessionId session);
}

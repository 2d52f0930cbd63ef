using Microsoft.Extensions.Logging;

namespace Errand.Worker;

internal sealed partial class SessionKeeper
{
    [LoggerMessage(1210, LogLevel.Error, "Worker session {Session} is lost: {Reason}. Its {Attempts} attempts are stopped and will run again.")]
    private partial void LogLost(SessionId session, string reason, int attempts);

    [LoggerMessage(1211, LogLevel.Warning, "Worker session {Session} could not beat; trying again until it is about to expire.")]
    private partial void LogNotBeating(Exception e, SessionId session);

    [LoggerMessage(1212, LogLevel.Information, "Worker session {Session} beats again.")]
    private partial void LogBeating(SessionId session);
}

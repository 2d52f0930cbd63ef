using Microsoft.Extensions.Logging;

namespace Errand.AspNetCore;

internal static partial class ApiLog
{
    [LoggerMessage(1400, LogLevel.Error, "{Method} {Route} broke.")]
    public static partial void Broke(ILogger logger, Exception exception, string method, string route);
}

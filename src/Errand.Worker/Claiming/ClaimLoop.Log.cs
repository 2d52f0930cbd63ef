using Microsoft.Extensions.Logging;

namespace Errand.Worker;

internal sealed partial class ClaimLoop
{
    [LoggerMessage(1250, LogLevel.Warning, "No jobs can be claimed; trying again.")]
    private partial void LogNoClaims(Exception e);

    [LoggerMessage(1251, LogLevel.Information, "Jobs can be claimed again.")]
    private partial void LogBack();
}

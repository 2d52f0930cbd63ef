namespace Errand.AspNetCore;

/// <summary>When Errand is degraded or unhealthy in the app's own health report.</summary>
public sealed class ErrandHealthCheckOptions
{
    /// <summary>The job that waits longest has been due for this long: degraded. Default: 5 minutes.</summary>
    public TimeSpan WaitingDegraded { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The job that waits longest has been due for this long: unhealthy. Default: never.</summary>
    public TimeSpan? WaitingUnhealthy { get; set; }

    /// <summary>Whether some worker must live: degraded without one. Default: true; false in an app whose workers come and go.</summary>
    public bool NeedsWorker { get; set; } = true;

    /// <summary>How long the store may take to answer. Default: 5 seconds.</summary>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

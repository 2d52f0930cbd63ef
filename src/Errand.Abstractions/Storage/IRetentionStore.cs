namespace Errand.Storage;

/// <summary>Removing what is over, in bounded slices. Never touches a live job.</summary>
public interface IRetentionStore
{
    /// <summary>
    /// Removes up to <paramref name="limit"/> finished jobs whose <see cref="JobHead.ExpiresAt"/> is at or before the instant, with all that belongs to them, and
    /// leaves tombstones.
    /// </summary>
    ValueTask<Purged> PurgeExpiredAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken);

    /// <summary>Removes one finished job now. <see cref="Purged.Jobs"/> is 0 when it is live or not there.</summary>
    ValueTask<Purged> PurgeAsync(JobKey key, bool tombstone, DateTimeOffset asOf, CancellationToken cancellationToken);

    /// <summary>
    /// Removes up to <paramref name="limit"/> each of: tombstones made before <paramref name="tombstonesBefore"/>, expired idempotency records, unused expired uploads.
    /// </summary>
    ValueTask<Purged> ForgetAsync(DateTimeOffset asOf, DateTimeOffset tombstonesBefore, int limit, CancellationToken cancellationToken);
}

/// <summary>What was removed.</summary>
/// <param name="Jobs">How many jobs or rows.</param>
/// <param name="Locations">Files to delete, now that the commit is done.</param>
public sealed record Purged(int Jobs, IReadOnlyList<string> Locations);

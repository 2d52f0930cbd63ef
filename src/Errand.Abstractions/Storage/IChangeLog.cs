namespace Errand.Storage;

/// <summary>
/// An ability of a store that several nodes share: what became of a tenant's jobs, whoever changed them. Hints tell it sooner; this tells
/// all of it.
/// </summary>
public interface IChangeLog
{
    /// <summary>Follows the jobs of a tenant. What changed before <paramref name="since"/> is not told.</summary>
    IChangeReader Follow(string tenant, DateTimeOffset since);
}

/// <summary>Reads on where it stopped. One read at a time.</summary>
public interface IChangeReader
{
    /// <summary>
    /// The heads, as they are now, of jobs that changed since the last read: submitted, claimed, settled, put back, edited. A commit that comes
    /// late – its job has an earlier sequence or an earlier time than what was read before – is told all the same. Two changes between two reads are one.
    /// </summary>
    ValueTask<IReadOnlyList<JobHead>> ReadAsync(CancellationToken cancellationToken);
}

namespace Errand.Storage;

/// <summary>A collection: its members see the jobs of the types and of the schedules in it, though others submitted them.</summary>
/// <param name="Tenant">The tenant it belongs to.</param>
/// <param name="Name">Its name within the tenant.</param>
/// <param name="Version">1 for a new one, one more with each change: what is compared and swapped.</param>
/// <param name="Members">Subjects.</param>
/// <param name="Types">Names of job types.</param>
/// <param name="Schedules">Names of schedules.</param>
public sealed record JobCollection(
    string Tenant, string Name, long Version, IReadOnlyList<string> Members, IReadOnlyList<string> Types, IReadOnlyList<string> Schedules);

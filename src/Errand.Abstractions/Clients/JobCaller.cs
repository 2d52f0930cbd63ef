namespace Errand;

/// <summary>Whoever asks: decides which jobs exist for them. Hidden is unknown: a job that the caller may not see answers like one that is not there.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Subject">Who it is: the owner of what it submits.</param>
public sealed record JobCaller(string Tenant, string Subject)
{
    /// <summary>Sees every job of the tenant (<c>jobs.read.all</c>), not only its own.</summary>
    public bool SeesAll { get; init; }

    /// <summary>Sees exception texts and stacks (<c>jobs.admin</c>).</summary>
    public bool IsAdmin { get; init; }

    /// <summary>Errand itself, or the app that embeds it.</summary>
    public static JobCaller System(string tenant = JobNames.DefaultTenant) => new(tenant, "system") { SeesAll = true, IsAdmin = true };
}

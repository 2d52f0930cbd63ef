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

    /// <summary>What the caller may do, by scope; filled in for a job's handler where it was kept.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Roles that the app gave the caller; filled in for a job's handler where they were kept.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>What else the app chose to keep of the caller, such as an address to write to. Never a token.</summary>
    public IReadOnlyDictionary<string, string> Claims { get; init; } = JobDetails.None.Labels;

    /// <summary>Nobody: sees no job.</summary>
    public static JobCaller Nobody { get; } = new("-", "nobody");

    /// <summary>Errand itself, or the app that embeds it.</summary>
    public static JobCaller System(string tenant = JobNames.DefaultTenant) => new(tenant, "system") { SeesAll = true, IsAdmin = true };
}

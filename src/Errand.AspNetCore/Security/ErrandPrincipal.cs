using System.Security.Claims;

namespace Errand.AspNetCore;

/// <summary>Who calls, and what they may do.</summary>
public sealed class ErrandPrincipal
{
    private readonly HashSet<string> scopes;

    /// <summary>Makes one. Give scopes by name, see <see cref="ErrandScopes"/>; none means that everything is refused.</summary>
    /// <param name="tenant">The wall between customers.</param>
    /// <param name="subject">Who it is: the owner of what it submits.</param>
    /// <param name="scopes">What it may do.</param>
    public ErrandPrincipal(string tenant, string subject, IEnumerable<string> scopes)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentException.ThrowIfNullOrEmpty(subject);
        this.scopes = new HashSet<string>(scopes, StringComparer.Ordinal);
        var admin = this.scopes.Contains(ErrandScopes.Admin);
        Caller = new JobCaller(tenant, subject) { IsAdmin = admin, SeesAll = admin || this.scopes.Contains(ErrandScopes.ReadAll) };
    }

    /// <summary>The caller as the engine knows it.</summary>
    public JobCaller Caller { get; }

    /// <summary>Vendor roles, for dialects.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>What else is to be kept of the caller with the jobs of <c>.RunsAsJob()</c> endpoints, for their handlers to read. Never a token.</summary>
    public IReadOnlyDictionary<string, string> Claims { get; init; } = JobDetails.None.Labels;

    /// <summary>One caller for everybody, with the default scopes: all share their jobs. For <see cref="ErrandApiOptions.Anonymous"/>.</summary>
    public static ErrandPrincipal Everyone { get; } = new(JobNames.DefaultTenant, "anonymous", ErrandScopes.Default);

    /// <summary>The public part of the access token, where there is one.</summary>
    public string? TokenId { get; init; }

    /// <summary>When the credentials end by themselves.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Asked now and then while an answer stays open: false ends it. Null: the credentials hold until <see cref="ExpiresAt"/>.</summary>
    public Func<CancellationToken, ValueTask<bool>>? StillHolds { get; init; }

    /// <summary>What it may do.</summary>
    public IReadOnlyCollection<string> Scopes => scopes;

    /// <summary>True if it has the scope, by name or through <see cref="ErrandScopes.Admin"/>.</summary>
    public bool Has(string scope) => scopes.Contains(scope) || Caller.IsAdmin;

    /// <summary>The same as claims: <c>sub</c>, <c>tenant</c>, one <c>scope</c> each, one <c>role</c> each.</summary>
    public ClaimsPrincipal ToClaims(string authenticationType)
    {
        var identity = new ClaimsIdentity(authenticationType, "sub", "role");
        identity.AddClaim(new Claim("sub", Caller.Subject));
        identity.AddClaim(new Claim("tenant", Caller.Tenant));
        foreach (var scope in scopes) identity.AddClaim(new Claim("scope", scope));
        foreach (var role in Roles) identity.AddClaim(new Claim("role", role));
        return new ClaimsPrincipal(identity);
    }
}

namespace Errand.AspNetCore;

/// <summary>Roles of clients, users and tokens. But for <see cref="Admin"/> they mean something to vendors' wires only.</summary>
public static class ErrandRoles
{
    /// <summary>Sees what is shared with it.</summary>
    public const string Viewer = "viewer";

    /// <summary>Runs what is shared with it.</summary>
    public const string Member = "member";

    /// <summary>Publishes and shares.</summary>
    public const string Artisan = "artisan";

    /// <summary>Administers a vendor's wire: reads every job's messages.</summary>
    public const string Curator = "curator";

    /// <summary>Sees and may do everything of its tenant, on every wire.</summary>
    public const string Admin = "admin";

    /// <summary>Every role, the least first.</summary>
    public static IReadOnlyList<string> All { get; } = [Viewer, Member, Artisan, Curator, Admin];

    /// <summary>What is wrong with a list of roles; null when nothing is.</summary>
    public static string? Fault(IReadOnlyList<string> roles) => roles.FirstOrDefault(role => !All.Contains(role)) is { } unknown
        ? $"There is no role '{unknown}'.{Suggestion.For(unknown, All)} Roles: {string.Join(' ', All)}."
        : null;
}

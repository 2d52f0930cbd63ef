namespace Errand.AspNetCore;

/// <summary>What a caller may do. A missing scope is a 403, decided before any job is looked up.</summary>
public static class ErrandScopes
{
    /// <summary>Submit, retry, upload.</summary>
    public const string Submit = "jobs.submit";

    /// <summary>Read one's own jobs: status, result, items, messages, outputs, events, why; types and counts.</summary>
    public const string Read = "jobs.read";

    /// <summary>Read the inputs of jobs that one may see.</summary>
    public const string ReadInput = "jobs.read.input";

    /// <summary>See every job of the tenant.</summary>
    public const string ReadAll = "jobs.read.all";

    /// <summary>Cancel and change jobs.</summary>
    public const string Cancel = "jobs.cancel";

    /// <summary>Work: open sessions, claim, settle.</summary>
    public const string Work = "jobs.work";

    /// <summary>Pause queues and set their limits.</summary>
    public const string ManageQueues = "queues.manage";

    /// <summary>Change schedules.</summary>
    public const string ManageSchedules = "schedules.manage";

    /// <summary>Everything: delete, bulk actions, exception texts, and what every other scope gives.</summary>
    public const string Admin = "jobs.admin";

    /// <summary>Every scope.</summary>
    public static IReadOnlyList<string> All { get; } = [Submit, Read, ReadInput, ReadAll, Cancel, Work, ManageQueues, ManageSchedules, Admin];

    /// <summary>What a token has that names no scopes.</summary>
    public static IReadOnlyList<string> Default { get; } = [Submit, Read, Cancel];

    /// <summary>What the roles of a token add: <c>admin</c> adds <see cref="Admin"/> and <see cref="ReadAll"/>; the others are vendor rights.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> scopes, IReadOnlyList<string> roles)
    {
        var named = scopes.Count == 0 ? Default : scopes;
        return roles.Contains(ErrandRoles.Admin) ? [.. named.Union([Admin, ReadAll])] : named;
    }

    /// <summary>What is wrong with a list of scopes; null when nothing is. A scope with a colon or a bar is a vendor's own and means nothing here.</summary>
    public static string? Fault(IReadOnlyList<string> scopes)
    {
        if (scopes.FirstOrDefault(s => !All.Contains(s) && !IsVendors(s)) is not { } unknown) return null;
        return $"There is no scope '{unknown}'.{Suggestion.For(unknown, All)} Scopes: {string.Join(' ', All)}.";
    }

    private static bool IsVendors(string scope) => scope.AsSpan().ContainsAny(":|") && scope.All(c => c is > ' ' and <= '~' and not ('"' or '\\'));
}

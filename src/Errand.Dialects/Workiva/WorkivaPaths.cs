namespace Errand.Dialects.Workiva;

/// <summary>What the vendor's versions put before their paths.</summary>
internal static class WorkivaPaths
{
    /// <summary>Queue jobs; only in version 2022-01-01.</summary>
    public const string QueueJobs = "/spreadsheets/v1";

    /// <summary>Operations of version 2022-01-01.</summary>
    public const string Platform = "/platform/v1";

    /// <summary>Operations of the prototype of version 2022-01-01.</summary>
    public const string Prototype = "/prototype/platform";

    /// <summary>Everything that a version puts before a path.</summary>
    public static readonly string[] Whole = [QueueJobs, Platform, Prototype];

    /// <summary>Where operations are served; the empty one is version 2026-01-01.</summary>
    public static readonly string[] Operations = [Platform, Prototype, ""];

    /// <summary>What of these a request's path begins with, whatever prefix the dialect is mapped at; empty for the paths of version 2026-01-01.</summary>
    public static string FamilyOf(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + 1 < segments.Length; i++)
        {
            var pair = $"/{segments[i]}/{segments[i + 1]}";
            if (Whole.FirstOrDefault(known => known.Equals(pair, StringComparison.OrdinalIgnoreCase)) is { } family) return family;
        }

        return "";
    }
}

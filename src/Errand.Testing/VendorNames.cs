namespace Errand.Testing;

/// <summary>The vendors that there are stand-ins for.</summary>
public static class VendorNames
{
    /// <summary>Zendesk Support: job statuses and the bulk endpoints that begin them.</summary>
    public const string Zendesk = "zendesk";

    /// <summary>Workiva: queue jobs and operations.</summary>
    public const string Workiva = "workiva";

    /// <summary>Alteryx Server v3: jobs of workflows.</summary>
    public const string Alteryx = "alteryx";

    /// <summary>Every one.</summary>
    public static IReadOnlyList<string> All { get; } = [Zendesk, Workiva, Alteryx];

    /// <summary>What is wrong with a name; null when nothing is.</summary>
    public static string? FaultOf(string name) =>
        All.Contains(name) ? null : $"There is no stand-in for '{name}'.{Suggestion.For(name, All)} There are {string.Join(", ", All)}.";
}

namespace Errand.Dialects.Workiva;

/// <summary>A call of the vendor that begins a job.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path without what a version puts before it.</param>
/// <param name="Scope">The vendor's scope.</param>
/// <param name="Results">The results endpoint of its operation; null when it has none.</param>
internal sealed record Starter(string Method, string Path, string Scope, string? Results)
{
    /// <summary>What options and labels call it.</summary>
    public string Key => $"{Method} {Path}";

    /// <summary>True when it answers with a queue job and not with an operation.</summary>
    public bool IsQueueJob => Path.StartsWith(WorkivaPaths.QueueJobs + "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>True when its path already has what a version puts before it.</summary>
    public bool IsWhole => WorkivaPaths.Whole.Any(prefix => Path.StartsWith(prefix + "/", StringComparison.OrdinalIgnoreCase));
}

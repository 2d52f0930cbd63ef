namespace Errand.Server.Configuration;

/// <summary>One mistake in the configuration.</summary>
/// <param name="Path">Where it is: <c>types["report.export"].url</c>. Empty for the file as a whole.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record ConfigError(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}

/// <summary>The configuration has mistakes. All of them are told at once.</summary>
/// <param name="source">The file, or what else the configuration came from.</param>
/// <param name="errors">Every mistake, in the order of the file.</param>
public sealed class ConfigException(string source, IReadOnlyList<ConfigError> errors)
    : Exception($"{source} has {Count(errors)}:{string.Concat(errors.Select(e => $"\n  {e}"))}")
{
    /// <summary>Every mistake.</summary>
    public IReadOnlyList<ConfigError> Errors { get; } = errors;

    private static string Count(IReadOnlyList<ConfigError> errors) => errors.Count == 1 ? "a mistake" : $"{errors.Count} mistakes";
}

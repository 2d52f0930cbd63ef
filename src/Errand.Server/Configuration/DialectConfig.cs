namespace Errand.Server.Configuration;

/// <summary>A vendor's wire that is turned on: a closed set, one record for each.</summary>
public abstract record DialectConfig
{
    /// <summary>Its name in the configuration.</summary>
    internal string Name { get; init; } = "";

    /// <summary>What lies before the vendor's own paths: <c>/</c>, or a path without a slash at the end. Default: <c>/</c>.</summary>
    public string Path { get; init; } = "/";
}

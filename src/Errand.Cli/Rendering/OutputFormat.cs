namespace Errand.Cli.Rendering;

/// <summary>How data is printed.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>One JSON document a line.</summary>
    Jsonl,

    /// <summary>Ids or names only, one a line: for xargs.</summary>
    Id,
}

using System.CommandLine;

namespace Errand.Cli.Rendering;

/// <summary>The option that chooses how data is printed.</summary>
internal static class PrintOptions
{
    public static Option<OutputFormat> Output()
    {
        var option = new Option<OutputFormat>("--output", "-o")
        {
            Description = "How to print: table, json, jsonl or id",
            HelpName = "FORMAT",
            CustomParser = result =>
            {
                OutputFormat? format = result.Tokens[0].Value.ToLowerInvariant() switch
                {
                    "table" => OutputFormat.Table,
                    "json" => OutputFormat.Json,
                    "jsonl" or "ndjson" => OutputFormat.Jsonl,
                    "id" => OutputFormat.Id,
                    _ => null,
                };
                if (format is null) result.AddError($"--output takes table, json, jsonl or id, not '{result.Tokens[0].Value}'.");
                return format ?? default;
            },
        };
        option.CompletionSources.Add("table", "json", "jsonl", "id");
        return option;
    }
}

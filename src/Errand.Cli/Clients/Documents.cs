using System.Text;
using System.Text.Json;
using Errand.Cli.Terminals;
using Errand.Contracts;

namespace Errand.Cli.Clients;

/// <summary>JSON that is given on the command line, in a file (<c>@file</c>) or on standard input (<c>-</c>).</summary>
internal static class Documents
{
    /// <summary>Reads and checks it; null when none was given.</summary>
    public static async Task<RawJson?> ReadAsync(string option, string? data, Terminal terminal, CancellationToken cancellationToken)
    {
        if (data is null) return null;
        var text = data switch
        {
            "-" => await terminal.In.ReadToEndAsync(cancellationToken),
            ['@', .. var file] => await FileAsync(option, file, cancellationToken),
            _ => data,
        };
        try
        {
            using var document = JsonDocument.Parse(text);
            return new RawJson(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException e)
        {
            throw new CliException(
                ExitCodes.Usage, $"{option} is not JSON: {e.Message} A text needs its quotes: '\"text\"'; a file an @: @file.json.");
        }
    }

    private static async Task<string> FileAsync(string option, string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"{option} @{file} cannot be read: {e.Message}");
        }
    }
}

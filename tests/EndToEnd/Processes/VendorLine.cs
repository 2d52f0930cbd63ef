using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Errand.EndToEnd.Tests;

/// <summary>A line that a vendor's page tells its readers to run, as written, with the real curl. Only host, names and credentials are put in.</summary>
internal static class VendorLine
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Lines");

    /// <summary>The page's own example of the answer.</summary>
    public static JsonNode Example(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json")))!;

    /// <summary>Runs a page's line.</summary>
    /// <param name="name">The page.</param>
    /// <param name="replacements">What stands for what: in the order given.</param>
    public static async Task<(int Status, JsonNode Body)> RunAsync(string name, params IReadOnlyList<(string Written, string Given)> replacements)
    {
        var line = await File.ReadAllTextAsync(Path.Combine(Folder, name + ".sh"));
        foreach (var (written, given) in replacements)
        {
            Assert.Contains(written, line, StringComparison.Ordinal);
            line = line.Replace(written, given, StringComparison.Ordinal);
        }

        // The status is printed by curl's own configuration, so that nothing is added to the line.
        var home = Directory.CreateTempSubdirectory("errand-curl-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(home.FullName, ".curlrc"), "write-out = \"\\n%{http_code}\"\nno-proxy = \"*\"\nproxy = \"\"\n");
            var start = new ProcessStartInfo("sh", ["-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, Environment = { ["CURL_HOME"] = home.FullName } };
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = (await process.StandardOutput.ReadToEndAsync()).TrimEnd();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"{line}\nended with {process.ExitCode}: {await error}");
            var status = output.LastIndexOf('\n');
            return (int.Parse(output[(status + 1)..]), JsonNode.Parse(output[..status])!);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    /// <summary>The same members with values of the same kinds, all the way down.</summary>
    public static string ShapeOf(JsonNode? node) => node switch
    {
        JsonObject o => "{" + string.Join(",", o.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}:{ShapeOf(member.Value)}")) + "}",
        JsonArray a => a.Count == 0 ? "[]" : $"[{ShapeOf(a[0])}]",
        null => "null",
        _ => node.GetValueKind() switch { JsonValueKind.True or JsonValueKind.False => "flag", var kind => kind.ToString() },
    };
}

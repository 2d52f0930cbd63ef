using System.Text.RegularExpressions;

namespace Errand.Dialects.Workiva;

/// <summary>The vendor's calls that begin something long, as data, and how options name them.</summary>
internal static partial class StarterTable
{
    private const string Example = "\"POST /files/{fileId}/copy\"";
    private static readonly string[] Methods = ["POST", "PUT", "PATCH", "DELETE"];

    public static IReadOnlyList<Starter> Known { get; } = Load();

    /// <summary>The names of all results endpoints.</summary>
    public static IReadOnlyList<string> Results { get; } = [.. Known.Select(s => s.Results).OfType<string>().Order(StringComparer.Ordinal)];

    private static readonly Dictionary<string, Starter> ByShape = Known.ToDictionary(starter => ShapeOf(starter.Key), StringComparer.Ordinal);

    /// <summary>What is wrong with a name; null when nothing is.</summary>
    public static string? FaultOf(string key)
    {
        if (key.Split(' ') is not [var method, var path] || path is not ['/', ..]) return $"\"{key}\" must be a method, a space and a path, as {Example}";
        if (!Methods.Contains(method)) return $"\"{key}\" must begin with {string.Join(", ", Methods)}, as {Example}";
        if (!Template().IsMatch(path)) return $"\"{key}\" must have a path of plain segments and {{names}}, as {Example}";
        if (NamesOf(path).GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice) return $"\"{key}\" has {{{twice.Key}}} twice";
        if (ByShape.ContainsKey(ShapeOf(key)) || new Starter(method, path, "", null).IsWhole) return null;
        return $"\"{key}\" is none of the vendor's calls.{Nearest(key)} A path of your own begins with {string.Join(", ", WorkivaPaths.Whole.Select(p => p + "/"))}";
    }

    /// <summary>The call of a name that has no fault.</summary>
    public static Starter Of(string key)
    {
        if (ByShape.TryGetValue(ShapeOf(key), out var known)) return known;
        var parts = key.Split(' ');
        var own = new Starter(parts[0], parts[1], "file:write", null);
        return own.IsQueueJob ? own with { Scope = "data_tables|w" } : own;
    }

    // What a part of the path is called makes no difference.
    private static string ShapeOf(string key) => Name().Replace(key, "{}");

    // Names of parts and letter case apart: only the path may be mistyped.
    private static string Nearest(string key)
    {
        var near = Suggestion.Nearest(ShapeOf(key), [.. ByShape.Keys.Select(shape => shape.ToLowerInvariant())]);
        var meant = ByShape.FirstOrDefault(entry => entry.Key.Equals(near, StringComparison.OrdinalIgnoreCase)).Value;
        return meant is null ? "" : $" Did you mean '{meant.Key}'?";
    }

    private static IEnumerable<string> NamesOf(string path) => Name().Matches(path).Select(match => match.Value.Trim('{', '}'));

    private static List<Starter> Load()
    {
        using var stream = typeof(StarterTable).Assembly.GetManifestResourceStream("workiva-starters")!;
        using var reader = new StreamReader(stream);
        List<Starter> starters = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var fields = line.Split(' ');
            starters.Add(new Starter(fields[0], fields[1], fields[2], fields[3] == "-" ? null : fields[3]));
        }

        return starters;
    }

    [GeneratedRegex(@"\{[^{}/]*\}", RegexOptions.None, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"^(/([A-Za-z0-9._~-]+|\{[A-Za-z][A-Za-z0-9]*\}))+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Template();
}

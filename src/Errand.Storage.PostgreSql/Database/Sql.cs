using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// One statement of a <c>Sql/*.sql</c> file. Within a file each statement stands under a line <c>-- name: …</c>; <c>{word}</c> stands for
/// the statement of that name in <c>fragments.sql</c>. Tables are written as <c>errand.x</c>; a store in another schema replaces that
/// prefix, for a <c>search_path</c> would be session state, which poolers do not keep.
/// </summary>
internal sealed partial class Sql
{
    private static readonly ConcurrentDictionary<string, Dictionary<string, string>> Files = new(StringComparer.Ordinal);

    private Sql(string text) => Text = text;

    public string Text { get; }

    public static Sql Of(string file, string name) =>
        new(Fragment().Replace(Find(file, name), match => Find("fragments", match.Groups["name"].Value)));

    /// <summary>The same statement on a table that is written like the one it names.</summary>
    public Sql OnTable(string named, string other) => new(Text.Replace($"errand.{named}", $"errand.{other}", StringComparison.Ordinal));

    /// <summary>The same statement with other words in some places.</summary>
    public Sql Filled(params ReadOnlySpan<(string Word, string Other)> words)
    {
        var text = Text;
        foreach (var (word, other) in words) text = text.Replace(word, other, StringComparison.Ordinal);
        return new Sql(text);
    }

    /// <summary>Reads a file that lies in the assembly.</summary>
    public static string ReadFile(string folder, string file)
    {
        var name = $"{typeof(Sql).Namespace}.{folder}.{file}";
        using var stream = typeof(Sql).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly holds no resource {name}: is the file below {folder}/?");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The names of the statements in a file.</summary>
    public static IEnumerable<string> NamesIn(string file) => Files.GetOrAdd(file, Parse).Keys;

    private static string Find(string file, string name) => Files.GetOrAdd(file, Parse).TryGetValue(name, out var text)
        ? text
        : throw new InvalidOperationException($"Sql/{file}.sql has no statement '-- name: {name}'.");

    private static Dictionary<string, string> Parse(string file) => ReadFile("Sql", file + ".sql")
        .Split("-- name: ")[1..]
        .Select(part => part.Split('\n', 2))
        .ToDictionary(part => part[0].Trim(), part => part[1].Trim(), StringComparer.Ordinal);

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fragment();
}

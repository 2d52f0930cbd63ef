using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Errand.Storage.Sqlite;

/// <summary>
/// One statement of a <c>Sql/*.sql</c> file. Within a file each statement stands under a line <c>-- name: …</c>; <c>{word}</c> stands for
/// the statement of that name in <c>fragments.sql</c>.
/// </summary>
internal sealed partial class Sql
{
    private static readonly ConcurrentDictionary<string, Dictionary<string, string>> Files = new(StringComparer.Ordinal);
    private static int s_count;

    internal Sql(string text) => Text = Encoding.UTF8.GetBytes(text);

    /// <summary>A small number of its own, by which connections keep the prepared statement.</summary>
    public int Index { get; } = Interlocked.Increment(ref s_count) - 1;

    public byte[] Text { get; }

    public static Sql Of(string file, string name) =>
        new(Fragment().Replace(Find(file, name), match => Find("fragments", match.Groups["name"].Value)));

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

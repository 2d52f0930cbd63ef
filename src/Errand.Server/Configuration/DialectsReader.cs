using System.Buffers;

namespace Errand.Server.Configuration;

/// <summary>Reads <c>dialects</c>: one member for each wire, absent for off. Each wire has a reader of its own.</summary>
internal static class DialectsReader
{
    private static readonly SearchValues<char> NoPath = SearchValues.Create("{}?#% ");

    private static readonly (string Name, Func<ConfigSection, DialectConfig> Read)[] Wires =
    [
        ("alteryx", AlteryxReader.Read),
        ("workiva", WorkivaReader.Read),
        ("zendesk", ZendeskReader.Read),
    ];

    /// <summary>The wires there are.</summary>
    public static IEnumerable<string> Names => Wires.Select(wire => wire.Name);

    public static List<DialectConfig> ReadAll(ConfigSection root)
    {
        List<DialectConfig> dialects = [];
        if (root.Section("dialects") is not { } outer) return dialects;
        foreach (var (name, read) in Wires)
        {
            if (outer.Section(name) is not { } section) continue;
            dialects.Add(read(section) with { Name = name });
            section.Close();
        }

        outer.Close();
        return dialects;
    }

    /// <summary>Reads <c>path</c>, the prefix that the wire is served under.</summary>
    public static string ReadPath(ConfigSection section, string otherwise = "/")
    {
        var path = section.Text("path") ?? otherwise;
        if (path == "/") return path;
        if (path[0] == '/' && path[^1] != '/' && path.AsSpan().IndexOfAny(NoPath) < 0) return path;
        section.Fail("path", $"\"{path}\" must begin with a slash and not end with one, as \"/vendor\"; \"/\" for the root");
        return otherwise;
    }
}

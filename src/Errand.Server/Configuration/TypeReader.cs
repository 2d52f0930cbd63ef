using System.Text;

namespace Errand.Server.Configuration;

/// <summary>Reads <c>types</c>: what is declared, and by which kind of handler it is run.</summary>
internal static class TypeReader
{
    private static readonly string[] Kinds = ["http", "http.batch", "command", "none"];

    public static List<TypeConfig> ReadAll(ConfigSection root, string folder)
    {
        List<TypeConfig> types = [];
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, section) in root.Sections("types"))
        {
            CheckNames(name, section, taken);
            types.Add(Read(name, section, folder));
            section.Close();
        }

        return types;
    }

    private static TypeConfig Read(string name, ConfigSection section, string folder)
    {
        var kind = section.Has("handler") ? section.Word("handler", Kinds)
            : section.RequiredText("handler", "\"http\", \"http.batch\", \"command\" or \"none\"");
        var type = Declare(name, kind, section);
        return new TypeConfig(type, kind switch
        {
            "http" => HandlerReader.Http(section),
            "http.batch" => HandlerReader.HttpBatch(section),
            "command" => HandlerReader.Command(section, folder),
            _ => HandlerConfig.None.Instance,
        })
        {
            Alteryx = AlteryxReader.ReadWorkflow(section),
        };
    }

    private static JobType Declare(string name, string? kind, ConfigSection section)
    {
        var kept = section.Duration("retention");
        return new JobType
        {
            Name = name,
            Handler = kind ?? "none",
            Aliases = section.Texts("aliases") ?? [],
            Description = section.Text("description"),
            Queue = ReadQueue(section),
            // A command is run once unless the type says otherwise: most programs cannot be run twice.
            MaxAttempts = section.Integer("maxAttempts", 1, 100) ?? (kind is "command" ? 1 : 5),
            Timeout = section.Duration("timeout"),
            Retention = kept is null ? JobRetention.Default : new JobRetention(kept, kept, kept),
            Collections = section.Texts("collections") ?? [],
            RequireIdempotencyKey = section.Flag("requireIdempotencyKey") ?? false,
            InputVersion = section.Integer("inputVersion", 1, int.MaxValue) ?? 1,
            InputSchema = section.Json("inputSchema") is { } schema ? Encoding.UTF8.GetBytes(schema.ToJsonString()) : default,
        };
    }

    private static string ReadQueue(ConfigSection section)
    {
        var queue = section.Text("queue") ?? JobNames.DefaultQueue;
        if (!JobNames.IsTypeOrQueue(queue)) section.Fail("queue", ConfigNames.Rule(queue));
        return queue;
    }

    private static void CheckNames(string name, ConfigSection section, Dictionary<string, string> taken)
    {
        foreach (var word in (section.Texts("aliases") ?? []).Prepend(name))
        {
            if (!JobNames.IsTypeOrQueue(word)) section.Fail(null, ConfigNames.Rule(word));
            if (!taken.TryAdd(word, name)) section.Fail(null, $"the name \"{word}\" is already that of \"{taken[word]}\"");
        }
    }
}

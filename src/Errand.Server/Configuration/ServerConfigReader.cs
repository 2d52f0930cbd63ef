using System.Net;
using System.Text.Json.Nodes;

namespace Errand.Server.Configuration;

/// <summary>Reads the whole document; each part below notes its own mistakes.</summary>
internal static class ServerConfigReader
{
    public static ServerConfig Read(JsonObject document, string source, string folder)
    {
        List<ConfigError> errors = [];
        var root = new ConfigSection(document, "", errors);
        root.Text("$schema");
        var (dialects, oauth) = (DialectsReader.ReadAll(root), OAuthReader.Read(root));
        var config = new ServerConfig
        {
            Storage = ReadStorage(root),
            Urls = ReadUrls(root),
            ManagementUrl = ReadManagement(root),
            PublicBaseUrl = root.Address("publicBaseUrl"),
            Forwarded = ReadForwarded(root),
            AllowedHosts = root.Texts("allowedHosts") ?? [],
            Worker = ReadWorker(root),
            Types = TypeReader.ReadAll(root, folder),
            Queues = ReadQueues(root),
            Dialects = dialects,
            Schedules = ScheduleReader.ReadAll(root),
            OAuth = oauth,
            Clients = IdentityReader.ReadClients(root, oauth),
            Users = IdentityReader.ReadUsers(root),
            Collections = IdentityReader.ReadCollections(root),
            RateLimits = RateLimitReader.ReadAll(root, dialects),
        };
        root.Close();
        return errors.Count == 0 ? config : throw new ConfigException(source, errors);
    }

    private static StorageConfig ReadStorage(ConfigSection root)
    {
        var storage = new StorageConfig();
        if (root.Section("storage") is not { } section) return storage;
        if (section.Word("provider", "sqlite", "postgresql") == "postgresql") return PostgreSqlReader.Read(section);
        if (section.Text("outputs") is not null) section.Fail("outputs", "is for \"provider\": \"postgresql\": on SQLite the files lie in 'files' within the data folder; mount another disk there");
        if (section.Text("connection") is { } connection) storage = ReadConnection(section, connection) ?? storage;
        section.Close();
        return storage;
    }

    // Only the file's name is ours to choose: durability and locking are not settings.
    private static StorageConfig? ReadConnection(ConfigSection section, string connection)
    {
        var parts = connection.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var pairs = parts.Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries)).ToArray();
        if (pairs is [[var name, { Length: > 0 } file]]
            && name.Replace(" ", "", StringComparison.Ordinal).Equals("DataSource", StringComparison.OrdinalIgnoreCase))
        {
            if (file.AsSpan().IndexOfAny('/', '\\') < 0) return new StorageConfig { DatabaseFile = file };
            section.Fail("connection", $"\"{file}\" must be a file's name without a folder, as \"Data Source=errand.db\"; name the folder with --data");
            return null;
        }

        section.Fail(
            "connection",
            $"\"{connection}\" must name the database file and nothing else, as \"Data Source=errand.db\"; it lies in the data folder");
        return null;
    }

    private static IReadOnlyList<string> ReadUrls(ConfigSection root)
    {
        var urls = root.Texts("urls") ?? [];
        foreach (var url in urls.Where(url => !ListenUrl.IsValid(url))) root.Fail("urls", ListenUrl.Explain(url));
        return urls;
    }

    private static Uri? ReadManagement(ConfigSection root)
    {
        if (root.Section("management") is not { } section) return null;
        var text = section.RequiredText("url", "\"http://127.0.0.1:5231\"");
        section.Close();
        if (text is null) return null;
        var socket = text.StartsWith("http://unix:", StringComparison.OrdinalIgnoreCase);
        if (!socket && ListenUrl.IsValid(text) && Uri.TryCreate(text, UriKind.Absolute, out var url)) return url;
        section.Fail("url", $"\"{text}\" must be one address with a port, as http://127.0.0.1:5231 or http://0.0.0.0:5231");
        return null;
    }

    private static ForwardedConfig? ReadForwarded(ConfigSection root)
    {
        if (root.Section("forwardedHeaders") is not { } section) return null;
        var proxies = Parse<IPAddress?>(section, "knownProxies", "an IP address, as 10.0.0.1", IPAddress.TryParse);
        var networks = Parse<IPNetwork>(section, "knownNetworks", "a network, as 10.0.0.0/8", IPNetwork.TryParse);
        if (!section.Has("knownProxies") && !section.Has("knownNetworks"))
        {
            section.Fail(null, "names no proxy. Add those whose headers are to be believed, as \"knownProxies\": [\"10.0.0.1\"]");
        }

        section.Close();
        return new ForwardedConfig(proxies!, networks);
    }

    private delegate bool TryParse<T>(string text, out T value);

    private static List<T> Parse<T>(ConfigSection section, string member, string example, TryParse<T> parse)
    {
        List<T> values = [];
        foreach (var text in section.Texts(member) ?? [])
        {
            if (parse(text, out var value)) values.Add(value);
            else section.Fail(member, $"\"{text}\" is not {example}");
        }

        return values;
    }

    private static WorkerConfig ReadWorker(ConfigSection root)
    {
        if (root.Section("worker") is not { } section) return new WorkerConfig();
        var worker = new WorkerConfig
        {
            Enabled = section.Flag("enabled") ?? true,
            Slots = section.Integer("slots", 1, 10_000),
            Queues = section.Texts("queues") ?? [],
            DrainTimeout = section.Duration("drainTimeout"),
            SlowStart = section.Duration("slowStart", orZero: true),
        };
        section.Close();
        return worker;
    }

    private static List<QueueConfig> ReadQueues(ConfigSection root)
    {
        List<QueueConfig> queues = [];
        foreach (var (name, section) in root.Sections("queues"))
        {
            if (!JobNames.IsTypeOrQueue(name)) section.Fail(null, ConfigNames.Rule(name));
            queues.Add(new QueueConfig(name, section.Integer("concurrency", 1, 1_000_000), section.Rate("rate"), section.Flag("paused")));
            section.Close();
        }

        return queues;
    }
}

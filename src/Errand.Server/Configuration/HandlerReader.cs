using System.Text.Json.Nodes;
using Errand.Handlers;

namespace Errand.Server.Configuration;

/// <summary>Reads what belongs to one kind of handler.</summary>
internal static class HandlerReader
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ItemRequestTimeout = TimeSpan.FromSeconds(100);
    private static readonly Dictionary<string, string> Nothing = [];

    public static HandlerConfig Http(ConfigSection section)
    {
        var options = new HttpHandlerOptions
        {
            Url = section.Text("url"),
            Method = section.Text("method") ?? "POST",
            Headers = section.Map("headers") ?? Nothing,
            RequestTimeout = section.Duration("requestTimeout") ?? RequestTimeout,
            AllowCallerUrl = section.Flag("allowCallerUrl") ?? false,
            CallerUrlMember = section.Text("callerUrlMember") ?? "url",
            CallerUrls = ReadRules(section),
        };
        Check(section, options.Validate());
        return new HandlerConfig.Http(options);
    }

    public static HandlerConfig HttpBatch(ConfigSection section)
    {
        var options = new HttpBatchHandlerOptions
        {
            Url = section.Text("url"),
            Method = section.Text("method") ?? "POST",
            Headers = section.Map("headers") ?? Nothing,
            RequestTimeout = section.Duration("requestTimeout") ?? ItemRequestTimeout,
            Concurrency = section.Integer("concurrency", 1, 256) ?? 8,
            ItemAttempts = section.Integer("itemAttempts", 1, 20) ?? 3,
            ItemKey = section.Text("itemKey"),
            FailOnItemError = section.Flag("failOnItemError") ?? false,
        };
        Check(section, options.Validate());
        return new HandlerConfig.HttpBatch(options);
    }

    /// <param name="section">The type.</param>
    /// <param name="folder">The folder of the configuration: relative names of programs and scripts are looked up there.</param>
    public static HandlerConfig Command(ConfigSection section, string folder)
    {
        var options = new CommandHandlerOptions
        {
            Command = ReadCommand(section),
            Folder = section.Text("folder") is { } named ? Path.GetFullPath(named, folder) : folder,
            Outputs = section.Texts("outputs") ?? [],
            Environment = section.Map("environment") ?? Nothing,
            RetryableExitCodes = section.Integers("retryableExitCodes", 1, 255) ?? [],
            KillGrace = section.Duration("killGrace") ?? TimeSpan.FromSeconds(5),
        };
        Check(section, options.Validate());
        return new HandlerConfig.Command(options);
    }

    // A single line would be taken apart by a shell elsewhere; there is none here.
    private static IReadOnlyList<string> ReadCommand(ConfigSection section)
    {
        var line = section.Json("command") is JsonValue ? section.Text("command") : null;
        if (line is null || !line.Contains(' ')) return section.Texts("command") ?? [];
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var list = string.Join(", ", parts.Select(part => $"\"{part}\""));
        section.Fail("command", $"must be a list, since no shell takes it apart: [{list}]");
        return parts;
    }

    private static void Check(ConfigSection section, IReadOnlyList<JobFieldError> errors)
    {
        foreach (var error in errors) section.FailAt(error);
    }

    private static OutboundRules ReadRules(ConfigSection section)
    {
        if (section.Section("callerUrls") is not { } rules) return new OutboundRules();
        var read = new OutboundRules
        {
            AllowHttp = rules.Flag("allowHttp") ?? false,
            AllowedPorts = rules.Integers("allowedPorts", 1, 65_535) ?? [],
            AllowedNetworks = rules.Texts("allowedNetworks") ?? [],
        };
        rules.Close();
        return read;
    }
}

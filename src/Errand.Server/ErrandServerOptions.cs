using Errand.Server.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Errand.Server;

/// <summary>What a server is made of.</summary>
public sealed class ErrandServerOptions
{
    /// <summary>The folder that holds the database, the outputs and the lock. Created when it is not there.</summary>
    public required string DataFolder { get; init; }

    /// <summary>What <c>errand.json</c> says.</summary>
    public ServerConfig Config { get; init; } = ServerConfig.Empty;

    /// <summary>Where to listen; wins over the configuration. Empty for the configuration's addresses.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>How long to wait for another server on the same folder. Default: 10 seconds.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The least grave log message that is written. Default: information.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Adds more: handlers written in C#.</summary>
    public Action<IErrandBuilder>? Configure { get; init; }

    /// <summary>Maps more, beside the API: endpoints of what <see cref="Configure"/> adds.</summary>
    public Action<WebApplication>? Map { get; init; }

    /// <summary>Where it will listen.</summary>
    internal IReadOnlyList<string> Addresses => Urls.Count > 0 ? Urls : Config.Urls.Count > 0 ? Config.Urls : [ListenUrl.Default];
}

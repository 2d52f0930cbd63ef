using System.Net;
using Errand.AspNetCore;

namespace Errand.Server.Configuration;

/// <summary>What <c>errand.json</c> and the environment say, checked.</summary>
public sealed record ServerConfig
{
    /// <summary>A server without a file: no types, everything at its default.</summary>
    public static ServerConfig Empty { get; } = new();

    /// <summary>Where the store lies.</summary>
    public StorageConfig Storage { get; init; } = new();

    /// <summary>Where the server listens; empty for <c>http://127.0.0.1:5230</c>.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Where operators find metrics and health with its reasons, and nothing else is; null for nowhere.</summary>
    public Uri? ManagementUrl { get; init; }

    internal IEnumerable<string> ManagementAddresses => ManagementUrl is { } url ? [url.GetLeftPart(UriPartial.Authority)] : [];

    /// <summary>Scheme, host and path base of the URLs in answers; null for those of each request.</summary>
    public Uri? PublicBaseUrl { get; init; }

    /// <summary>The proxies whose forwarding headers are believed; null for none.</summary>
    public ForwardedConfig? Forwarded { get; init; }

    /// <summary>The host names that are answered; empty for any.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>How this server works on jobs.</summary>
    public WorkerConfig Worker { get; init; } = new();

    /// <summary>The declared types with what runs them.</summary>
    public IReadOnlyList<TypeConfig> Types { get; init; } = [];

    /// <summary>Queues with limits.</summary>
    public IReadOnlyList<QueueConfig> Queues { get; init; } = [];

    /// <summary>The vendors' wires that are turned on beside the native API.</summary>
    public IReadOnlyList<DialectConfig> Dialects { get; init; } = [];

    /// <summary>Schedules that are made at the start.</summary>
    public IReadOnlyList<ScheduleConfig> Schedules { get; init; } = [];

    /// <summary>Programs that get access tokens with an id and a secret.</summary>
    public IReadOnlyList<ConfiguredClient> Clients { get; init; } = [];

    /// <summary>People that send a name and a password.</summary>
    public IReadOnlyList<ConfiguredUser> Users { get; init; } = [];

    /// <summary>What is shared with whom.</summary>
    public IReadOnlyList<ConfiguredCollection> Collections { get; init; } = [];

    /// <summary>How many requests a caller may send.</summary>
    public IReadOnlyList<RateLimitPolicy> RateLimits { get; init; } = [];

    /// <summary>Who issues the access tokens of clients.</summary>
    public OAuthConfig OAuth { get; init; } = new();

    /// <summary>Reads a file, with the environment laid over it.</summary>
    /// <param name="file">The file; null for the environment alone.</param>
    /// <param name="environment">The variables of the process; only <c>ERRAND__…</c> count.</param>
    /// <exception cref="ConfigException">Anything is wrong; everything that is wrong is in it.</exception>
    public static ServerConfig Load(string? file, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var document = file is null ? [] : ConfigDocument.Load(file);
        ConfigDocument.Overlay(document, environment);
        var folder = file is null ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(Path.GetFullPath(file))!;
        return ServerConfigReader.Read(document, file ?? "The environment", folder);
    }
}

/// <summary>Where the store lies.</summary>
public sealed record StorageConfig
{
    /// <summary>The name of the database file in the data folder.</summary>
    public string DatabaseFile { get; init; } = "errand.db";

    /// <summary>The PostgreSQL database that nodes share; null for a SQLite file.</summary>
    public Errand.Storage.PostgreSql.PostgreSqlStorageOptions? PostgreSql { get; init; }
}

/// <summary>Whose forwarding headers are believed.</summary>
/// <param name="Proxies">Single addresses.</param>
/// <param name="Networks">Networks of addresses.</param>
public sealed record ForwardedConfig(IReadOnlyList<IPAddress> Proxies, IReadOnlyList<IPNetwork> Networks);

/// <summary>How this server works on jobs; null leaves the worker's own default.</summary>
public sealed record WorkerConfig
{
    /// <summary>False: this server only accepts jobs, other nodes run them.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How many handlers run at once.</summary>
    public int? Slots { get; init; }

    /// <summary>The queues that it takes from; empty for all.</summary>
    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>How long running handlers may go on when the server stops.</summary>
    public TimeSpan? DrainTimeout { get; init; }

    /// <summary>After a start, a queue's resume or an outage, within this time all slots are put to use, step by step; zero: at once.</summary>
    public TimeSpan? SlowStart { get; init; }
}

/// <summary>A queue with limits.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Concurrency">At most this many jobs at once.</param>
/// <param name="Rate">At most this many starts a second.</param>
/// <param name="Paused">Whether it gives nothing.</param>
public sealed record QueueConfig(string Name, int? Concurrency, double? Rate, bool? Paused);

/// <summary>A schedule.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tenant">The tenant. Default: <c>default</c>.</param>
/// <param name="Owner">The owner of its jobs, when it is made. Default: <c>system</c>.</param>
/// <param name="Definition">What it is to do.</param>
/// <param name="Paused">Whether it is paused; null leaves that as it is.</param>
public sealed record ScheduleConfig(string Name, string Tenant, string Owner, ScheduleDefinition Definition, bool? Paused);

using Errand.AspNetCore;
using Errand.Storage;

namespace Errand.Cli.Identity;

/// <summary>A collection as it is printed.</summary>
internal sealed record CollectionResource
{
    public required string Name { get; init; }

    public required string Tenant { get; init; }

    public IReadOnlyList<string> Members { get; init; } = [];

    public IReadOnlyList<string> Types { get; init; } = [];

    public IReadOnlyList<string> Schedules { get; init; } = [];

    /// <summary>Where it is kept: <c>store</c> or <c>configuration</c>.</summary>
    public required string Source { get; init; }

    public static CollectionResource From(JobCollection collection) => new()
    {
        Name = collection.Name,
        Tenant = collection.Tenant,
        Members = collection.Members,
        Types = collection.Types,
        Schedules = collection.Schedules,
        Source = "store",
    };

    public static CollectionResource From(ConfiguredCollection collection) => new()
    {
        Name = collection.Name,
        Tenant = collection.Tenant,
        Members = collection.Members,
        Types = collection.Types,
        Schedules = collection.Schedules,
        Source = "configuration",
    };
}

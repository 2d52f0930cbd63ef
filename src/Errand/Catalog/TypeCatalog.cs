using System.Collections.Frozen;
using System.Text.Json;
using Errand.Storage;

namespace Errand.Catalog;

/// <summary>The types that this node declares and those that it has heard of from others, by name and by alias.</summary>
internal sealed class TypeCatalog(IEnumerable<IHandlerCatalog> catalogs, IJobStorage storage, TimeProvider time)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Lazy<FrozenDictionary<string, JobType>> _own = new(() => ByName(Declared(catalogs)));
    private FrozenDictionary<string, JobType> _others = FrozenDictionary<string, JobType>.Empty;
    private readonly Lock _looking = new();
    private Look? _look;
    private long _readAt;

    /// <summary>The types of this node, once each.</summary>
    public IEnumerable<JobType> Own => _own.Value.Values.Distinct();

    /// <summary>Every known type, by name.</summary>
    public IEnumerable<JobType> All =>
        _own.Value.Values.Concat(_others.Values).DistinctBy(type => type.Name).OrderBy(type => type.Name, StringComparer.Ordinal);

    /// <summary>Finds a type by its name or a former one, without asking the store.</summary>
    public JobType? Find(string name) => _own.Value.GetValueOrDefault(name) ?? _others.GetValueOrDefault(name);

    /// <summary>Whether this node declares the name, or had it as an alias.</summary>
    public bool Runs(string name) => _own.Value.ContainsKey(name);

    /// <summary>As <see cref="Find"/>; looks into the store, at most once a second, before it gives up.</summary>
    public async ValueTask<JobType?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (Find(name) is { } known) return known;
        if (_readAt != 0 && time.GetElapsedTime(_readAt) < LookAgainAfter) return null;
        await ReadAsync(cancellationToken);
        return Find(name);
    }

    /// <summary>As <see cref="Find"/>, and what others have made known is at most a second old; everyone who asks meanwhile waits for the same look at the store.</summary>
    public ValueTask<JobType?> FindFreshAsync(string name, CancellationToken cancellationToken)
    {
        if (_own.Value.GetValueOrDefault(name) is { } own) return new(own);
        var look = Volatile.Read(ref _look);
        if (look is not { Task.IsCompletedSuccessfully: true } || time.GetElapsedTime(look.At) >= LookAgainAfter) return LookAsync(name, cancellationToken);
        return new(_others.GetValueOrDefault(name));
    }

    /// <summary>Makes the types of this node known to the others.</summary>
    public ValueTask SaveAsync(CancellationToken cancellationToken) => SaveAsync(Own, cancellationToken);

    /// <summary>Makes names known that a remote worker runs and nobody has declared, so that jobs of them are accepted.</summary>
    public async ValueTask DeclareAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (names.All(name => Find(name) is not null)) return;
        await ReadAsync(cancellationToken);
        var unknown = names.Where(name => Find(name) is null).Distinct(StringComparer.Ordinal);
        await SaveAsync(unknown.Select(name => new JobType { Name = name, Handler = "remote" }), cancellationToken);
        await ReadAsync(cancellationToken);
    }

    /// <summary>Reads what other nodes have made known.</summary>
    public async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        _readAt = Math.Max(1, time.GetTimestamp());
        var stored = await storage.Catalog.ListTypesAsync(cancellationToken);
        _others = ByName(stored.Select(Read).OfType<JobType>());
    }

    private async ValueTask<JobType?> LookAsync(string name, CancellationToken cancellationToken)
    {
        Look look;
        lock (_looking)
        {
            if (_look is not { Task.IsCompleted: false } under) _look = under = new Look(time.GetTimestamp(), ReadAsync(CancellationToken.None).AsTask());
            look = under;
        }

        await look.Task.WaitAsync(cancellationToken);
        return _others.GetValueOrDefault(name);
    }

    private async ValueTask SaveAsync(IEnumerable<JobType> types, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var stored = types.Select(type => new StoredType(type.Name, Declaration(type), now)).ToList();
        if (stored.Count > 0) await storage.Catalog.SaveTypesAsync(stored, cancellationToken);
    }

    private sealed record Look(long At, Task Task);

    private static byte[] Declaration(JobType type) => JsonSerializer.SerializeToUtf8Bytes(type, CatalogJson.Default.JobType);

    /// <summary>A declaration of a newer release that cannot be read is another node's affair.</summary>
    private static JobType? Read(StoredType stored)
    {
        try
        {
            return JsonSerializer.Deserialize(stored.Declaration.Span, CatalogJson.Default.JobType);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<JobType> Declared(IEnumerable<IHandlerCatalog> catalogs)
    {
        var types = catalogs.SelectMany(catalog => catalog.Handlers).Select(handler => handler.Type).ToList();
        var mistakes = TypeRules.Check(types);
        return mistakes.Count == 0 ? types : throw new InvalidOperationException(
            "The job types cannot be used:\n" + string.Join('\n', mistakes.Select(m => "- " + m)));
    }

    private static FrozenDictionary<string, JobType> ByName(IEnumerable<JobType> types)
    {
        Dictionary<string, JobType> names = [];
        foreach (var type in types)
        {
            names[type.Name] = type;
            foreach (var alias in type.Aliases) names.TryAdd(alias, type);
        }

        return names.ToFrozenDictionary();
    }
}

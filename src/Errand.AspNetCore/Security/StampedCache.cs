using System.Collections.Concurrent;

namespace Errand.AspNetCore;

/// <summary>What was read from the store lately, each with the stamp it was read under: after a change anywhere it is read again.</summary>
internal sealed class StampedCache<T>(SecurityStamp stamp, Func<string, CancellationToken, ValueTask<T?>> load)
    where T : class
{
    private const int Capacity = 10_000;
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>What is known under the current stamp; refresh that before. Null is also said of what was not asked for yet.</summary>
    public T? Find(ReadOnlySpan<char> key) =>
        entries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var entry) && entry.Stamp == stamp.Current ? entry.Value : null;

    /// <summary>Reads it. The stamp is taken before, so that what changes meanwhile is read again.</summary>
    public async ValueTask<T?> LoadAsync(string key, CancellationToken cancellationToken)
    {
        var before = stamp.Current;
        if (await load(key, cancellationToken) is not { } value) return null;
        if (entries.Count >= Capacity) entries.Clear();
        entries[key] = new Entry(before, value);
        return value;
    }

    private sealed record Entry(long Stamp, T Value);
}

using System.Collections.Concurrent;
using System.Globalization;

namespace Errand.Storage.Sqlite;

/// <summary>
/// Files below one folder: <c>tenant/ab/cd/name</c>, staged below <c>.staging</c>. A name begins with the instant at which the file was
/// staged, so that sweeping needs neither a clock nor the file system's times.
/// </summary>
internal sealed class OutputFolder(string root, Database database) : IOutputStore
{
    private const int InstantDigits = 16;

    private static readonly Sql IsNamed = Sql.Of("files", "is_named");

    private readonly string _staging = Path.Combine(root, ".staging");
    private readonly ConcurrentDictionary<string, bool> _inHand = new(StringComparer.Ordinal);

    public ValueTask<StagedFile> StageAsync(string tenant, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (database.RefusesGrowth) throw database.Faults.Full();
        var unique = Guid.NewGuid().ToString("N");
        var name = asOf.UtcTicks.ToString("x16", CultureInfo.InvariantCulture) + unique;
        var location = $"{TenantFolder.NameOf(tenant)}/{unique[..2]}/{unique[2..4]}/{name}";
        database.Faults.OfFiles(() => DurableFolder.Create(_staging));
        _inHand[name] = true;
        try
        {
            var (staged, target) = (Path.Combine(_staging, name), Path.Combine(root, location));
            return new(new FolderFile(staged, target, location, database.Faults, letGo: () => _inHand.TryRemove(name, out _)));
        }
        catch
        {
            _inHand.TryRemove(name, out _);
            throw;
        }
    }

    public ValueTask<Stream?> OpenAsync(string location, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!TryPathOf(location, out var path)) return new((Stream?)null);
        try
        {
            return new(new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new((Stream?)null);
        }
    }

    public ValueTask DeleteAsync(IReadOnlyList<string> locations, CancellationToken cancellationToken)
    {
        foreach (var location in locations)
        {
            if (TryPathOf(location, out var path)) Delete(path);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask<int> SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(root)) return 0;
        var swept = 0;
        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Path.GetFileName(path);
            if (!IsStagedBefore(name, before) || _inHand.ContainsKey(name)) continue;
            var location = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
            if (await IsNamedAsync(location, cancellationToken)) continue;
            Delete(path);
            swept++;
        }

        return swept;
    }

    private ValueTask<bool> IsNamedAsync(string location, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.First(IsNamed, find => find.Bind(location), row => row.Bool()), cancellationToken);

    private static bool IsStagedBefore(string name, DateTimeOffset before) =>
        name.Length > InstantDigits
        && long.TryParse(name.AsSpan(0, InstantDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var ticks)
        && ticks < before.UtcTicks;

    /// <summary>False for what we never gave out: a location that leaves the folder, or names a folder.</summary>
    private bool TryPathOf(string location, out string path)
    {
        path = Path.GetFullPath(Path.Combine(root, location));
        return path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !path.EndsWith(Path.DirectorySeparatorChar);
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }
    }
}

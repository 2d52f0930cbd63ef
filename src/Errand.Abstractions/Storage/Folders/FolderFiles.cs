using System.Collections.Concurrent;
using System.Globalization;

namespace Errand.Storage.Folders;

/// <summary>
/// Files below one folder: <c>tenant/ab/cd/name</c>, staged below <c>.staging</c>. A name begins with the instant at which the file was
/// staged, so that sweeping needs neither a clock nor the file system's times.
/// </summary>
/// <param name="root">The folder.</param>
/// <param name="faults">Says in the seam's words what went wrong.</param>
/// <param name="refuse">Throws when nothing may grow now.</param>
/// <param name="namedOf">Which of some locations rows name.</param>
/// <param name="prefix">What each location begins with, where a store has other files too.</param>
internal sealed class FolderFiles(
    string root, FolderFaults faults, Action refuse, Func<IReadOnlyList<string>, CancellationToken, ValueTask<IReadOnlySet<string>>> namedOf, string prefix = "") : IOutputStore
{
    private const int InstantDigits = 16;
    private const int AskedAtOnce = 500;

    private readonly string _staging = Path.Combine(root, ".staging");
    private readonly ConcurrentDictionary<string, bool> _inHand = new(StringComparer.Ordinal);

    public ValueTask<StagedFile> StageAsync(string tenant, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        refuse();
        var unique = Guid.NewGuid().ToString("N");
        var name = asOf.UtcTicks.ToString("x16", CultureInfo.InvariantCulture) + unique;
        var location = $"{TenantFolder.NameOf(tenant)}/{unique[..2]}/{unique[2..4]}/{name}";
        faults.OfFiles(() => DurableFolder.Create(_staging));
        _inHand[name] = true;
        try
        {
            var (staged, target) = (Path.Combine(_staging, name), Path.Combine(root, location));
            return new(new FolderFile(staged, target, prefix + location, faults, letGo: () => _inHand.TryRemove(name, out _)));
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
        foreach (var some in StagedBefore(before).Chunk(AskedAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var named = await namedOf(some, cancellationToken);
            foreach (var location in some.Where(location => !named.Contains(location)))
            {
                await DeleteAsync([location], cancellationToken);
                swept++;
            }
        }

        return swept;
    }

    private IEnumerable<string> StagedBefore(DateTimeOffset before) =>
        from path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
        let name = Path.GetFileName(path)
        where IsStagedBefore(name, before) && !_inHand.ContainsKey(name)
        select prefix + Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');

    private static bool IsStagedBefore(string name, DateTimeOffset before) =>
        name.Length > InstantDigits
        && long.TryParse(name.AsSpan(0, InstantDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var ticks)
        && ticks < before.UtcTicks;

    /// <summary>False for what we never gave out: a location that leaves the folder, or names a folder.</summary>
    private bool TryPathOf(string location, out string path)
    {
        path = "";
        if (!location.StartsWith(prefix, StringComparison.Ordinal)) return false;
        path = Path.GetFullPath(Path.Combine(root, location[prefix.Length..]));
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

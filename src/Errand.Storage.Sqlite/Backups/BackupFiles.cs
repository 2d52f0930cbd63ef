using System.Security.Cryptography;
using Errand.Storage.Folders;

namespace Errand.Storage.Sqlite;

/// <summary>A file that a database names.</summary>
internal readonly record struct BackedUpFile(string Location, long Size, string Digest);

/// <summary>Copies files of outputs and uploads, each once, and compares them with what the database says of them.</summary>
internal sealed class BackupFiles(string source, string target)
{
    private const int BufferBytes = 128 * 1024;

    private readonly Dictionary<string, long> _copied = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Missing => [.. _missing.Order(StringComparer.Ordinal)];

    public long Bytes => _copied.Values.Sum();

    public void Copy(IEnumerable<BackedUpFile> files, CancellationToken stop)
    {
        foreach (var file in files.Where(file => !_copied.ContainsKey(file.Location)))
        {
            stop.ThrowIfCancellationRequested();
            if (Copy(file)) _copied[file.Location] = file.Size;
            else _missing.Add(file.Location);
        }
    }

    /// <summary>Forgets what these do not name: it was removed from the store before the database was copied.</summary>
    public void Keep(IReadOnlyCollection<BackedUpFile> files)
    {
        var named = files.Select(file => file.Location).ToHashSet(StringComparer.Ordinal);
        _missing.IntersectWith(named);
        foreach (var location in _copied.Keys.Where(location => !named.Contains(location)).ToList())
        {
            File.Delete(Path.Combine(target, location));
            _copied.Remove(location);
        }
    }

    private bool Copy(BackedUpFile file)
    {
        var (from, to) = (Path.Combine(source, file.Location), Path.Combine(target, file.Location));
        FileStream read;
        try
        {
            read = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }

        using (read)
        {
            DurableFolder.Create(Path.GetDirectoryName(to)!);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using (var write = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes))
            {
                var buffer = new byte[BufferBytes];
                for (int bytes; (bytes = read.Read(buffer)) > 0; write.Write(buffer.AsSpan(0, bytes))) hash.AppendData(buffer.AsSpan(0, bytes));
                write.Flush(flushToDisk: true);
            }

            DurableFolder.Flush(Path.GetDirectoryName(to)!);
            if (read.Length == file.Size && $"sha-256=:{Convert.ToBase64String(hash.GetHashAndReset())}:" == file.Digest) return true;
        }

        File.Delete(to);
        return false;
    }
}

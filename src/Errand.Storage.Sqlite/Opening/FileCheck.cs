using System.Buffers.Binary;

namespace Errand.Storage.Sqlite;

/// <summary>A first look at the file, before SQLite opens it: whether it is a database and as long as its header says.</summary>
internal static class FileCheck
{
    private const int HeaderLength = 100;

    public static void RefuseDamaged(DataFolder folder, StorageFaults faults)
    {
        var file = new FileInfo(folder.Database);
        if (!file.Exists || file.Length == 0) return;

        var header = new byte[HeaderLength];
        using (var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            var length = stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
            if (length < HeaderLength || !header.AsSpan().StartsWith("SQLite format 3\0"u8))
            {
                throw faults.Corrupt("the file does not begin as a database does");
            }
        }

        // While the log holds pages the file may still be short of them; without a log it may not.
        var expected = PageSize(header) * BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(28));
        var hasLog = new FileInfo(folder.Log) is { Exists: true, Length: > 0 };
        if (!hasLog && file.Length < expected) throw faults.Corrupt($"the file is cut off: {file.Length} bytes of {expected}");
    }

    private static long PageSize(byte[] header) =>
        BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(16)) is var size && size == 1 ? 65536 : size;
}

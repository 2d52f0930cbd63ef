using System.Runtime.InteropServices;

namespace Errand.Storage.PostgreSql;

/// <summary>An input as columns: version, upload, JSON, items.</summary>
internal static class InputRow
{
    private static readonly Sql Insert = Sql.Of("submit", "insert_inputs");

    /// <summary>The first column is the job, NULL where the job has no input.</summary>
    public static JobInput Read(Row row)
    {
        if (row.Int64OrNull() is null)
        {
            row.Skip(4);
            return JobInput.None;
        }

        var (version, upload) = (row.Int32(), row.TextOrNull());
        return new JobInput(row.BytesOrNull(), row.BytesOrNull(), upload, version);
    }

    public static void Write(Batch batch, IEnumerable<NewJob> jobs)
    {
        var given = jobs.Where(job => !IsNone(job.Input)).ToList();
        if (given.Count == 0) return;
        batch.Add(Insert).With(given.Select(job => job.Head.Sequence)).With(given.Select(job => job.Input.Version))
            .With(given.Select(job => job.Input.UploadId)).With(given.Select(job => BytesOf(job.Input.Json)))
            .With(given.Select(job => BytesOf(job.Input.Items)));
    }

    public static bool IsNone(JobInput input) => input is { Size: 0, UploadId: null, Version: 1 };

    /// <summary>The array itself where the memory is all of it.</summary>
    public static byte[]? BytesOf(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? null
        : MemoryMarshal.TryGetArray(bytes, out var part) && part.Offset == 0 && part.Count == part.Array!.Length ? part.Array
        : bytes.ToArray();
}

using System.Buffers.Binary;
using System.Buffers.Text;
using Errand.Storage;

namespace Errand.Dialects.Zendesk;

/// <summary>A place in the list: unfinished jobs by creation come first, then finished ones by their end, both the latest first. It grants nothing and hides nothing.</summary>
/// <param name="Finished">Whether the place is among the finished ones.</param>
/// <param name="Time">When that job ended.</param>
/// <param name="Sequence">Its sequence.</param>
internal readonly record struct ZendeskCursor(bool Finished, DateTimeOffset? Time, long Sequence)
{
    public static ZendeskCursor Of(Job job) => new(job.Head.FinishedAt is not null, job.Head.FinishedAt, job.Head.Sequence);

    /// <summary>The same place for the list of one of the two parts.</summary>
    public JobCursor Inside => new(Time, Sequence);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Finished ? Time!.Value.UtcTicks : 0);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Sequence);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse(string text, out ZendeskCursor cursor)
    {
        Span<byte> bytes = stackalloc byte[32];
        cursor = default;
        if (text.Length > 32 || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length != 16) return false;
        var (ticks, sequence) = (BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks || sequence < 0) return false;
        cursor = new ZendeskCursor(ticks > 0, ticks > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null, sequence);
        return true;
    }
}

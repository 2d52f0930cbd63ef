using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Errand;

/// <summary>
/// The name of a job: a UUID, shown everywhere as 32 lower-case hex digits. Ids made by Errand are UUIDv7 (RFC 9562 §5.7) whose
/// twelve <c>rand_a</c> bits name the virtual shard; a client may bring any UUID of its own.
/// </summary>
/// <remarks>An id is not an order: UUIDv7 has none inside one millisecond. Use <see cref="JobHead.Sequence"/>.</remarks>
public readonly record struct JobId(Guid Value) : IComparable<JobId>
{
    /// <summary>The number of virtual shards an id can name. Fixed for life.</summary>
    public const int Shards = 4096;

    /// <summary>The virtual shard that the id names, 0 to 4095.</summary>
    public int Shard
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Value.TryWriteBytes(bytes, bigEndian: true, out _);
            return BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) & 0x0FFF;
        }
    }

    /// <summary>Makes a new UUIDv7 at the given instant, on the given shard (0 to 4095).</summary>
    public static JobId New(DateTimeOffset now, int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, Shards);
        Span<byte> bytes = stackalloc byte[16];
        RandomBlock.Fill(bytes[8..]);
        var ms = now.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteInt64BigEndian(bytes, ms << 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(0x7000 | shard));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new JobId(new Guid(bytes, bigEndian: true));
    }

    /// <summary>Makes a new UUIDv7 at the given instant, on a random shard.</summary>
    public static JobId New(DateTimeOffset now)
    {
        // The number of shards is a power of two, so that each is as likely as any other.
        Span<byte> shard = stackalloc byte[2];
        RandomBlock.Fill(shard);
        return New(now, BinaryPrimitives.ReadUInt16BigEndian(shard) % Shards);
    }

    /// <summary>Reads 32 hex digits, with or without dashes, in either case. Anything else is not a job id.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out JobId id)
    {
        var ok = Guid.TryParseExact(text, "N", out var value) || Guid.TryParseExact(text, "D", out value);
        id = new JobId(value);
        return ok;
    }

    /// <summary>Reads an id or throws <see cref="FormatException"/>.</summary>
    public static JobId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a job id: 32 hex digits are expected.");

    /// <inheritdoc/>
    public int CompareTo(JobId other) => Value.CompareTo(other.Value);

    /// <summary>32 lower-case hex digits.</summary>
    public override string ToString() => Value.ToString("N");

    /// <summary>Orders ids by their text.</summary>
    public static bool operator <(JobId left, JobId right) => left.CompareTo(right) < 0;

    /// <summary>Orders ids by their text.</summary>
    public static bool operator >(JobId left, JobId right) => left.CompareTo(right) > 0;

    /// <summary>Orders ids by their text.</summary>
    public static bool operator <=(JobId left, JobId right) => left.CompareTo(right) <= 0;

    /// <summary>Orders ids by their text.</summary>
    public static bool operator >=(JobId left, JobId right) => left.CompareTo(right) >= 0;
}

/// <summary>What names a job in a store: ids are unique within a tenant, so that no tenant can probe another's.</summary>
/// <param name="Tenant">The wall between customers; <c>default</c> where there is only one.</param>
/// <param name="Id">The job's id.</param>
public readonly record struct JobKey(string Tenant, JobId Id);

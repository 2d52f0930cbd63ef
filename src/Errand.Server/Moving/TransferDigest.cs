using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Errand.Storage;

namespace Errand.Server.Moving;

/// <summary>
/// How many rows each table has, and a sum over the hashes of all of them. Rows have no order that two databases share: a sum needs none.
/// </summary>
internal sealed class TransferDigest
{
    private readonly SortedDictionary<string, Sum> _tables = new(StringComparer.Ordinal);

    public IEnumerable<(string Table, long Rows)> Counts => _tables.Select(table => (table.Key, table.Value.Rows));

    public List<string> Missing { get; } = [];

    public void Add(TransferRow row)
    {
        if (row.Table == TransferRow.MissingTable) Missing.Add((string)row.Values[0]!);
        if (!row.IsData) return;
        if (!_tables.TryGetValue(row.Table, out var sum)) _tables[row.Table] = sum = new Sum();
        sum.Add(row.Values);
    }

    /// <summary>The tables that differ.</summary>
    public IReadOnlyList<string> DifferenceTo(TransferDigest other) =>
        [.. _tables.Keys.Union(other._tables.Keys).Where(name => !SumOf(name).Equals(other.SumOf(name))).Order(StringComparer.Ordinal)];

    public override string ToString()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, sum) in _tables) hash.AppendData(Encoding.UTF8.GetBytes($"{name} {sum}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private Sum SumOf(string table) => _tables.GetValueOrDefault(table) ?? new Sum();

    private sealed class Sum : IEquatable<Sum>
    {
        private readonly ulong[] _sum = new ulong[4];

        public long Rows { get; private set; }

        public void Add(IReadOnlyList<object?> values)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var value in values) Append(hash, value);
            Span<byte> digest = stackalloc byte[32];
            hash.GetHashAndReset(digest);
            for (var i = 0; i < _sum.Length; i++) _sum[i] += BinaryPrimitives.ReadUInt64BigEndian(digest[(i * 8)..]);
            Rows++;
        }

        public bool Equals(Sum? other) => other is not null && Rows == other.Rows && _sum.AsSpan().SequenceEqual(other._sum);

        public override bool Equals(object? obj) => Equals(obj as Sum);

        public override int GetHashCode() => HashCode.Combine(Rows, _sum[0]);

        public override string ToString() => $"{Rows} {string.Join('.', _sum.Select(part => part.ToString("x16", System.Globalization.CultureInfo.InvariantCulture)))}";

        private static void Append(IncrementalHash hash, object? value)
        {
            var (kind, bytes) = value switch
            {
                null => ((byte)0, []),
                long number => ((byte)1, Number(number)),
                double number => ((byte)2, Number(BitConverter.DoubleToInt64Bits(number))),
                string text => ((byte)3, Encoding.UTF8.GetBytes(text)),
                byte[] given => ((byte)4, given),
                _ => throw new InvalidOperationException($"A row on its way holds a {value.GetType()}."),
            };
            Span<byte> head = stackalloc byte[5];
            head[0] = kind;
            BinaryPrimitives.WriteInt32BigEndian(head[1..], bytes.Length);
            hash.AppendData(head);
            hash.AppendData(bytes);
        }

        private static byte[] Number(long number)
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(bytes, number);
            return bytes;
        }
    }
}

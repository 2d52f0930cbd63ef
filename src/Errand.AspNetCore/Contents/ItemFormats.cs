using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary>One JSON object a line. A result that was written over several lines is put onto one.</summary>
internal sealed class NdjsonItems : IItemFormat
{
    public void Begin(BodyBuffer buffer)
    {
    }

    public void Write(BodyBuffer buffer, JobItem item, ApiMapping map)
    {
        var resource = map.Item(item);
        if (resource.Result is { } result) resource = resource with { Result = OneLine(result) };
        using (var writer = new Utf8JsonWriter(buffer, BodyBuffer.WriterOptions)) JsonSerializer.Serialize(writer, resource, ErrandJsonContext.Default.ItemResource);
        buffer.Write("\n"u8);
    }

    // A line feed inside a JSON string is always escaped, so those that are there are layout.
    internal static RawJson OneLine(RawJson json)
    {
        if (!json.Utf8.Span.ContainsAny((byte)'\n', (byte)'\r')) return json;
        var copy = json.Utf8.ToArray();
        copy.AsSpan().ReplaceAny(LineEnds, (byte)' ');
        return new RawJson(copy);
    }

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);
}

/// <summary>RFC 4180: <c>index,key,status,error_code,error_message,result</c>, the result as JSON.</summary>
internal sealed class CsvItems : IItemFormat
{
    public void Begin(BodyBuffer buffer) => buffer.Write("index,key,status,error_code,error_message,result\r\n"u8);

    public void Write(BodyBuffer buffer, JobItem item, ApiMapping map)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{item.Index},");
        Append(line, item.Key).Append(',').Append(WireWords.Of(item.Status)).Append(',');
        Append(line, item.Error?.Code).Append(',');
        Append(line, item.Error?.Message).Append(',');
        Append(line, item.Result.IsEmpty ? null : Encoding.UTF8.GetString(item.Result.Span)).Append("\r\n");
        Encoding.UTF8.GetBytes(line.ToString(), buffer);
    }

    private static StringBuilder Append(StringBuilder line, string? value) => value is null || !value.AsSpan().ContainsAny(",\"\r\n")
        ? line.Append(value)
        : line.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
}

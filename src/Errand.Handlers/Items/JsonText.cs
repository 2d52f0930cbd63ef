using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Errand.Handlers;

/// <summary>Text as a JSON string.</summary>
internal static class JsonText
{
    public static ReadOnlyMemory<byte> String(ReadOnlySpan<byte> utf8)
    {
        var buffer = new ArrayBufferWriter<byte>(utf8.Length + 2);
        // By way of a string, which replaces what is not valid UTF-8 instead of refusing it.
        using (var json = new Utf8JsonWriter(buffer)) json.WriteStringValue(Encoding.UTF8.GetString(utf8));
        return buffer.WrittenMemory;
    }
}

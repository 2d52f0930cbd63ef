using System.Buffers;
using System.Text.Json;

namespace Errand.Uploads;

/// <summary>Writes items, one JSON value a line, in blocks. Numbers them as it goes.</summary>
internal sealed class ItemFile : IDisposable
{
    private const int Block = 64 * 1024;

    private readonly Stream _file;
    // Grows to what is written: most uploads are small, and two blocks at once would be a large object each.
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json;

    public ItemFile(Stream file)
    {
        _file = file;
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
    }

    public int Items { get; private set; }

    /// <summary>Adds an item that is written by the caller; end it with <see cref="EndItem"/>.</summary>
    public Utf8JsonWriter BeginItem()
    {
        if (Items == UploadRules.ItemsMax) throw UploadRules.TooManyItems();
        return _json;
    }

    public void EndItem()
    {
        _json.Flush();
        _json.Reset();
        _buffer.Write("\n"u8);
        Items++;
    }

    /// <summary>Adds an item as one JSON document without line breaks.</summary>
    public void Add(ReadOnlySpan<byte> document)
    {
        if (Items == UploadRules.ItemsMax) throw UploadRules.TooManyItems();
        _buffer.Write(document);
        _buffer.Write("\n"u8);
        Items++;
    }

    /// <summary>Writes what is held, once it is worth it.</summary>
    public ValueTask DrainAsync(CancellationToken cancellationToken) =>
        _buffer.WrittenCount < Block ? ValueTask.CompletedTask : FlushAsync(cancellationToken);

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _file.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        _buffer.ResetWrittenCount();
    }

    public void Dispose() => _json.Dispose();
}

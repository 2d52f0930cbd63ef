using System.Buffers;
using System.Diagnostics;
using System.Text.Json;

namespace Errand.Handlers;

/// <summary>What a program reads: one JSON object on standard input, and its items in a file.</summary>
internal static class CommandInput
{
    public static ReadOnlyMemory<byte> Document(JobContext context, string? itemsFile)
    {
        var buffer = new ArrayBufferWriter<byte>(context.Input.Json.Length + 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("job");
            WriteJob(json, context);
            json.WriteEndObject();
            json.WritePropertyName("input");
            if (context.Input.Json.IsEmpty) json.WriteNullValue();
            else json.WriteRawValue(context.Input.Json.Span);
            if (itemsFile is not null) json.WriteString("itemsFile", itemsFile);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    /// <summary>Writes the items, one a line; null for a job without.</summary>
    public static async Task<string?> WriteItemsAsync(JobContext context, string path, CancellationToken cancellationToken)
    {
        if (context.Details.ItemCount is null) return null;
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 64 * 1024);
        await foreach (var item in context.ReadItemsAsync(cancellationToken))
        {
            await file.WriteAsync(OneLine(item.Json), cancellationToken);
            file.WriteByte((byte)'\n');
        }

        return path;
    }

    public static string? TraceParent(JobContext context) =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : context.Details.TraceParent;

    private static void WriteJob(Utf8JsonWriter json, JobContext context)
    {
        var head = context.Head;
        json.WriteString("id", head.Id.ToString());
        json.WriteString("type", head.Type);
        json.WriteString("queue", head.Queue);
        json.WriteString("tenant", head.Tenant);
        json.WriteString("owner", head.Owner);
        json.WriteNumber("attempt", head.Attempt);
        json.WriteNumber("maxAttempts", head.MaxAttempts);
        json.WriteString("createdAt", head.CreatedAt);
        if (head.Deadline is { } deadline) json.WriteString("deadline", deadline);
        if (context.Details.CorrelationId is { } correlation) json.WriteString("correlationId", correlation);
        if (context.Details.ItemCount is { } items) json.WriteNumber("items", items);
        json.WriteStartObject("labels");
        foreach (var (name, value) in context.Details.Labels) json.WriteString(name, value);
        json.WriteEndObject();
    }

    /// <summary>In valid JSON a line break stands only between tokens, never within one: a space does as well.</summary>
    private static ReadOnlyMemory<byte> OneLine(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0) return json;
        var line = json.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }
}

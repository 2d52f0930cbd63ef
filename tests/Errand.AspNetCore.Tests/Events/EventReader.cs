using System.Text.Json.Nodes;

namespace Errand.AspNetCore.Tests;

/// <summary>Reads server-sent events off a response, one by one.</summary>
internal sealed class EventReader(HttpResponseMessage response) : IDisposable
{
    private StreamReader? reader;

    /// <summary>The next block: an event, a comment, or null at the end of the stream.</summary>
    public async Task<SentEvent?> NextAsync()
    {
        reader ??= new StreamReader(await response.Content.ReadAsStreamAsync());
        var block = new SentEvent();
        while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)) is { } line)
        {
            if (line.Length == 0) return block;
            var at = line.IndexOf(':', StringComparison.Ordinal);
            var value = line[(at + 1)..].TrimStart(' ');
            block = line[..at] switch
            {
                "id" => block with { Id = value },
                "event" => block with { Kind = value },
                "data" => block with { Data = JsonNode.Parse(value) },
                "retry" => block with { Retry = int.Parse(value) },
                _ => block with { Comment = value },
            };
        }

        return null;
    }

    /// <summary>The next event of a kind, past others and comments.</summary>
    public async Task<SentEvent> NextAsync(string kind)
    {
        while (await NextAsync() is { } block)
        {
            if (block.Kind == kind) return block;
        }

        throw new InvalidOperationException($"The stream ended without {kind}.");
    }

    public void Dispose() => response.Dispose();
}

internal sealed record SentEvent(string? Id = null, string? Kind = null, JsonNode? Data = null, int? Retry = null, string? Comment = null);

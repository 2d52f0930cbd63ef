using System.Text;
using System.Text.Json;

namespace Errand.Handlers;

/// <summary>
/// Reads lines of standard output. A JSON object with a member <c>errand</c> speaks to Errand; every other line is an info message. What
/// speaks to Errand and cannot be understood is a warning with the line: it never fails the job.
/// </summary>
internal static class CommandProtocol
{
    private const int Shown = 300;

    public static CommandSaid Read(ReadOnlyMemory<byte> line, bool cut)
    {
        if (line.Span[0] is not (byte)'{') return Text(line.Span, cut);
        if (cut) return GivesResult(line.Span) ? CommandSaid.TooLarge.Instance : Wrong(line.Span, "the line is too long");
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.TryGetProperty("errand", out var verb) ? Speak(verb, document.RootElement) : Text(line.Span, cut);
        }
        catch (JsonException) when (line.Span.IndexOf("\"errand\""u8) < 0)
        {
            return Text(line.Span, cut);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return Wrong(line.Span, e is JsonException ? "it is not valid JSON" : e.Message);
        }
    }

    /// <summary>Whether a line that was cut began as a result; a job must not succeed without the result that it gave.</summary>
    private static bool GivesResult(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, isFinalBlock: false, state: default);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is not JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !reader.ValueTextEquals("errand"u8)) continue;
                return reader.Read() && reader.TokenType is JsonTokenType.String && reader.ValueTextEquals("result"u8);
            }
        }
        catch (JsonException)
        {
            // Not JSON at all: it is no result either.
        }

        return false;
    }

    private static CommandSaid Speak(JsonElement verb, JsonElement said) => verb.ValueKind is JsonValueKind.String ? verb.GetString() switch
    {
        "progress" => new CommandSaid.Progress(Progress(said)),
        "item" => new CommandSaid.Item(Item(said)),
        "message" => new CommandSaid.Message(Severity(said), Text(said, "text") ?? throw Missing("text"), (int?)Whole(said, "source")),
        "result" => new CommandSaid.Result(said.TryGetProperty("value", out var value) ? Raw(value) : throw Missing("value")),
        var other => throw new FormatException($"'errand' is '{other}'; progress, item, message or result is expected"),
    }
    : throw new FormatException("'errand' is not a text");

    private static JobProgress Progress(JsonElement said) => new()
    {
        Percent = Number(said, "percent"),
        Completed = Whole(said, "completed"),
        Total = Whole(said, "total"),
        Failed = Whole(said, "failed"),
        Unit = Text(said, "unit"),
        Message = Text(said, "message"),
    };

    private static JobItem Item(JsonElement said)
    {
        var index = Whole(said, "index");
        if (index is < 0 or > int.MaxValue) throw new FormatException("'index' is not a place in the batch");
        var key = ItemField.Read(said, "key") ?? index?.ToString();
        return new JobItem
        {
            Index = (int?)index,
            Key = !string.IsNullOrEmpty(key) ? key : throw Missing("key"),
            Status = Text(said, "status") switch
            {
                null or "succeeded" => JobItemStatus.Succeeded,
                "failed" => JobItemStatus.Failed,
                var other => throw new FormatException($"'status' is '{other}'; succeeded or failed is expected"),
            },
            Result = said.TryGetProperty("result", out var result) ? Raw(result) : default,
            Error = said.TryGetProperty("error", out var error) ? Error(error) : null,
        };
    }

    private static JobError Error(JsonElement error) => error.ValueKind switch
    {
        JsonValueKind.String => new JobError("item_failed", error.GetString()!),
        JsonValueKind.Object => new JobError(Text(error, "code") ?? "item_failed", Text(error, "message") ?? "The item failed."),
        JsonValueKind.Null => null!,
        _ => throw new FormatException("'error' is neither an object with code and message nor a text"),
    };

    private static JobSeverity Severity(JsonElement said) => Text(said, "severity") switch
    {
        null or "info" => JobSeverity.Info,
        "debug" => JobSeverity.Debug,
        "warning" => JobSeverity.Warning,
        "error" => JobSeverity.Error,
        var other => throw new FormatException($"'severity' is '{other}'; debug, info, warning or error is expected"),
    };

    private static string? Text(JsonElement said, string member) => Member(said, member) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw new FormatException($"'{member}' is not a text"),
    };

    private static double? Number(JsonElement said, string member) => Member(said, member) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value => value.GetDouble(),
        _ => throw new FormatException($"'{member}' is not a number"),
    };

    private static long? Whole(JsonElement said, string member) => Member(said, member) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var whole) && whole >= 0 => whole,
        _ => throw new FormatException($"'{member}' is not a whole number from 0"),
    };

    private static JsonElement? Member(JsonElement said, string member) =>
        said.TryGetProperty(member, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    private static byte[] Raw(JsonElement value) => Encoding.UTF8.GetBytes(value.GetRawText());

    private static FormatException Missing(string member) => new($"'{member}' is missing");

    private static CommandSaid.Message Text(ReadOnlySpan<byte> line, bool cut) =>
        new(JobSeverity.Info, Encoding.UTF8.GetString(line) + (cut ? "…" : ""));

    private static CommandSaid.Message Wrong(ReadOnlySpan<byte> line, string problem)
    {
        var text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, Shown)]);
        return new(JobSeverity.Warning, $"A line to Errand is not understood, because {problem}: {text}{(line.Length > Shown ? "…" : "")}");
    }
}

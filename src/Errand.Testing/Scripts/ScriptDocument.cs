using System.Text.Json;
using System.Text.Json.Serialization;

namespace Errand.Testing;

/// <summary>A script as JSON. What is absent is the default.</summary>
internal sealed record ScriptDocument
{
    public string? Queued { get; init; }

    public string? After { get; init; }

    public ScriptEnd? End { get; init; }

    public ScriptError? Error { get; init; }

    public IReadOnlyList<ScriptItems>? Items { get; init; }

    public IReadOnlyList<FaultDocument>? Faults { get; init; }

    public string? Lag { get; init; }

    public string? ExpireAfter { get; init; }

    public JsonElement? Result { get; init; }

    public IReadOnlyList<ScriptOutput>? Outputs { get; init; }

    public IReadOnlyList<MessageDocument>? Messages { get; init; }

    /// <summary>A number, or <c>"every"</c>.</summary>
    public JsonElement? Jobs { get; init; }

    public VendorScript ToScript()
    {
        var plain = VendorScript.Default;
        return new VendorScript
        {
            Queued = Moment("queued", Queued) ?? plain.Queued,
            After = Moment("after", After) ?? plain.After,
            End = End ?? plain.End,
            Error = Whole(Error),
            Items = [.. (Items ?? []).Select(items => new ScriptItems(items.Keys ?? [], Whole(items.Error)))],
            Faults = [.. (Faults ?? []).Select(fault => fault.ToFault())],
            Lag = Lag is null ? TimeSpan.Zero : Time("lag", Lag),
            ExpireAfter = Moment("expireAfter", ExpireAfter),
            Result = Result?.GetRawText(),
            Outputs = [.. (Outputs ?? []).Select(output => new ScriptOutput(output.FileName ?? "", output.Content ?? ""))],
            Messages = [.. (Messages ?? []).Select(message => message.ToMessage())],
            Jobs = JobsOf(),
        };
    }

    public static ScriptDocument Of(VendorScript script)
    {
        var plain = VendorScript.Default;
        return new ScriptDocument
        {
            Queued = script.Queued == plain.Queued ? null : script.Queued.ToString(),
            After = script.After.ToString(),
            End = script.End,
            Error = script.End is ScriptEnd.Fail or ScriptEnd.Cancel ? script.Error : null,
            Items = script.Items.Count == 0 ? null : script.Items,
            Faults = script.Faults.Count == 0 ? null : [.. script.Faults.Select(FaultDocument.Of)],
            Lag = script.Lag == TimeSpan.Zero ? null : ScriptTime.ToText(script.Lag),
            ExpireAfter = script.ExpireAfter?.ToString(),
            Result = script.Result is { } result ? JsonElement.Parse(result) : null,
            Outputs = script.Outputs.Count == 0 ? null : script.Outputs,
            Messages = script.Messages.Count == 0 ? null : [.. script.Messages.Select(message => new MessageDocument(message.Text, message.Severity.ToString().ToLowerInvariant()))],
            Jobs = script.Jobs is 1 ? null : JsonElement.Parse(script.Jobs?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "\"every\""),
        };
    }

    public static TimeSpan Time(string member, string text) =>
        ScriptTime.TryParse(text, out var time) ? time : throw new FormatException($"{member}: '{text}' is no time: {ScriptTime.Example}.");

    private static ScriptMoment? Moment(string member, string? text)
    {
        if (text is null) return null;
        return ScriptMoment.TryParse(text, out var moment) ? moment : throw new FormatException($"{member}: '{text}' is no moment: \"3 polls\", or {ScriptTime.Example}.");
    }

    // A member of JSON may be absent where the record has none to spare.
    private static ScriptError Whole(ScriptError? error) => new(error?.Code ?? ScriptError.Default.Code, error?.Message ?? ScriptError.Default.Message);

    private int? JobsOf() => Jobs switch
    {
        null => 1,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var jobs) => jobs,
        { ValueKind: JsonValueKind.String } word when word.ValueEquals("every") => null,
        _ => throw new FormatException("jobs: a whole number is expected, or \"every\"."),
    };
}

/// <summary>A line of the log, as JSON.</summary>
internal sealed record MessageDocument(string Text, string? Severity = null)
{
    public ScriptMessage ToMessage() => Severity is null or { Length: > 0 } && Enum.TryParse<JobSeverity>(Severity ?? "info", ignoreCase: true, out var severity) && Enum.IsDefined(severity)
        ? new ScriptMessage(severity, Text ?? "")
        : throw new FormatException($"messages.severity: '{Severity}' is none of debug, info, warning, error.");
}

/// <summary>An answer that goes wrong, as JSON.</summary>
internal sealed record FaultDocument
{
    /// <summary>A number, or <c>"drop"</c>.</summary>
    public required JsonElement Status { get; init; }

    /// <summary>A number, or <c>"always"</c>; absent for once.</summary>
    public JsonElement? Times { get; init; }

    /// <summary><c>poll</c> or <c>start</c>.</summary>
    public string? On { get; init; }

    public string? RetryAfter { get; init; }

    public ScriptFault ToFault() => new(
        Status.ValueKind is JsonValueKind.String && Status.ValueEquals("drop") ? ScriptFault.Drop : Number("faults.status", Status, "a status such as 429, or \"drop\""),
        Times switch
        {
            null => 1,
            { ValueKind: JsonValueKind.String } word when word.ValueEquals("always") => null,
            { } number => Number("faults.times", number, "a whole number, or \"always\""),
        },
        On switch { null or "poll" => false, "start" => true, _ => throw new FormatException($"faults.on: '{On}' is neither poll nor start.") },
        RetryAfter is null ? null : ScriptDocument.Time("faults.retryAfter", RetryAfter));

    public static FaultDocument Of(ScriptFault fault) => new()
    {
        Status = JsonElement.Parse(fault.Status == ScriptFault.Drop ? "\"drop\"" : fault.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Times = fault.Times switch { 1 => null, { } times => JsonElement.Parse(times.ToString(System.Globalization.CultureInfo.InvariantCulture)), null => JsonElement.Parse("\"always\"") },
        On = fault.OnStart ? "start" : null,
        RetryAfter = fault.RetryAfter is { } wait ? ScriptTime.ToText(wait) : null,
    };

    private static int Number(string member, JsonElement value, string expected) =>
        value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw new FormatException($"{member}: {expected} is expected.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ScriptDocument))]
internal sealed partial class ScriptJson : JsonSerializerContext;

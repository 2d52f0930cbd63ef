using System.Globalization;

namespace Errand.Testing;

/// <summary>Writes scripts as texts.</summary>
internal static class ScriptText
{
    public static string Write(VendorScript script) => string.Join(", ", Clauses(script));

    private static IEnumerable<string> Clauses(VendorScript script)
    {
        if (script.Queued.Polls is not 0) yield return $"queued {script.Queued}";
        yield return EndOf(script);
        foreach (var items in script.Items) yield return $"{(items.Keys.Count == 0 ? "all items" : "items " + string.Join(',', items.Keys))} fail {ErrorOf(items.Error)}";
        foreach (var fault in script.Faults) yield return FaultOf(fault);
        if (script.Lag > TimeSpan.Zero) yield return $"lag {ScriptTime.ToText(script.Lag)}";
        if (script.ExpireAfter is { } expire) yield return $"expire after {expire}";
        if (script.Result is { } result) yield return $"result {ScriptWord.Quote(result)}";
        foreach (var output in script.Outputs) yield return $"output {ScriptWord.Quote(output.FileName)} {ScriptWord.Quote(output.Content)}";
        foreach (var message in script.Messages) yield return $"message {message.Severity.ToString().ToLowerInvariant()} {ScriptWord.Quote(message.Text)}";
        if (script.Jobs is not 1) yield return script.Jobs is { } jobs ? string.Create(CultureInfo.InvariantCulture, $"for {jobs} jobs") : "for every job";
    }

    private static string EndOf(VendorScript script) => script.End switch
    {
        ScriptEnd.Never => "stuck",
        ScriptEnd.Fail => $"after {script.After} fail {ErrorOf(script.Error)}",
        ScriptEnd.Cancel when script.Error.Message.Length > 0 => $"after {script.After} cancel {ScriptWord.Quote(script.Error.Message)}",
        ScriptEnd.Cancel => $"after {script.After} cancel",
        _ => $"after {script.After} complete",
    };

    private static string ErrorOf(ScriptError error) => $"{ScriptWord.Quote(error.Code)} {ScriptWord.Quote(error.Message)}";

    private static string FaultOf(ScriptFault fault)
    {
        var word = fault.Status == ScriptFault.Drop ? "drop" : fault.Status.ToString(CultureInfo.InvariantCulture);
        var times = fault.Times switch { null => "always", 1 => "once", 2 => "twice", var n => string.Create(CultureInfo.InvariantCulture, $"{n} times") };
        return $"{word} {times}{(fault.OnStart ? " on start" : "")}{(fault.RetryAfter is { } wait ? $" retry after {ScriptTime.ToText(wait)}" : "")}";
    }
}

using System.Text.Json;

namespace Errand.Testing;

/// <summary>What a script may say.</summary>
internal static class ScriptRules
{
    private const int CountMax = 1_000_000;
    private static readonly TimeSpan LagMax = TimeSpan.FromMinutes(10);

    /// <summary>What is wrong; null when nothing is.</summary>
    public static string? FaultOf(VendorScript script)
    {
        if (script.Jobs is < 1 or > CountMax) return $"A script is for 1 to {CountMax:N0} jobs, or for every job; not for {script.Jobs}.";
        if (script.Lag < TimeSpan.Zero || script.Lag > LagMax) return $"The lag is 0 to 10 minutes, not {script.Lag}.";
        if (script.Result is { } result && !IsJson(result)) return "The result is not JSON. A text needs its quotes: '\"text\"'.";
        return script.Faults.Select(FaultOf).Concat(script.Items.Select(FaultOf)).Concat(script.Outputs.Select(FaultOf)).FirstOrDefault(fault => fault is not null);
    }

    private static string? FaultOf(ScriptFault fault)
    {
        if (fault.Status != ScriptFault.Drop && !ScriptFault.Statuses.Contains(fault.Status)) return $"{fault.Status} cannot be answered; these can: {string.Join(", ", ScriptFault.Statuses)}, and drop.";
        if (fault.Times is < 1 or > CountMax) return $"An answer goes wrong 1 to {CountMax:N0} times, or always; not {fault.Times} times.";
        if (fault.Times is null && fault.OnStart && fault.Status == ScriptFault.Drop) return "A connection cannot break off always on start; say how often.";
        return fault.RetryAfter < TimeSpan.Zero ? "Retry-After is not negative." : null;
    }

    private static string? FaultOf(ScriptItems items) =>
        items.Keys.Any(string.IsNullOrWhiteSpace) ? "An item is named by its id, or by its place as #0."
        : string.IsNullOrWhiteSpace(items.Error.Code) ? "The error of an item needs a code: items 3 fail TicketUpdateFailed."
        : null;

    private static string? FaultOf(ScriptOutput output) => output.FileName.Length is 0 or > 128 || output.FileName.AsSpan().ContainsAny('/', '\\') || output.FileName[0] == '.'
        ? $"'{output.FileName}' is no name of a file: totals.csv."
        : null;

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

namespace Errand.Client.Transport;

/// <summary>Builds the part of a URL behind the question mark; what is null is left out.</summary>
internal static class Query
{
    public static string Of(params ReadOnlySpan<(string Name, object? Value)> parts)
    {
        var text = new System.Text.StringBuilder();
        foreach (var (name, value) in parts)
        {
            if (value is null) continue;
            text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=');
            text.Append(Uri.EscapeDataString(FormattableString.Invariant($"{value}")));
        }

        return text.ToString();
    }

    public static string Step(string name) => Uri.EscapeDataString(name);
}

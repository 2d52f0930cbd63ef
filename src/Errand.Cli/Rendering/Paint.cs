namespace Errand.Cli.Rendering;

/// <summary>
/// A text with a colour, for a screen. Control characters are blanked: a job's text must not move the cursor of whoever looks.
/// </summary>
internal readonly record struct Paint
{
    private Paint(string? text, string? code) => (Text, Code) = (Printable(text ?? ""), code);

    /// <summary>What it says, without the colour.</summary>
    public string Text { get; }

    private string? Code { get; }

    public static Paint Plain(string? text) => new(text, null);

    public static Paint Bold(string text) => new(text, "1");

    public static Paint Faint(string text) => new(text, "2");

    public static Paint Bad(string text) => new(text, "31");

    public static Paint Warning(string text) => new(text, "33");

    /// <summary>A status, a severity or a verdict in its colour. Colours only repeat what the word says.</summary>
    public static Paint Word(string word) => new(word, word switch
    {
        "succeeded" or "Healthy" or "ok" => "32",
        "failed" or "error" or "Unhealthy" => "31",
        "canceled" or "canceling" or "warning" or "Degraded" or "paused" => "33",
        "running" => "36",
        "debug" => "2",
        _ => null,
    });

    /// <summary>The text for a place that shows colours, or not.</summary>
    public string On(bool screen) => screen && Code is not null ? $"\e[{Code}m{Text}\e[0m" : Text;

    public static implicit operator Paint(string? text) => Plain(text);

    public override string ToString() => Text;

    private static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Errand.Testing;

public sealed partial record VendorScript
{
    /// <summary>
    /// Reads a script: clauses with commas between them, such as <c>after 3 polls complete, items 35436 fail TicketUpdateFailed "Ticket is closed"</c> or <c>429 twice, then fine</c>. Words
    /// with spaces in them stand in quotes.
    /// </summary>
    /// <exception cref="FormatException">A clause is unknown or wrong; the message names it and what would be right.</exception>
    public static VendorScript Parse(string text) => TryParse(text, out var script, out var fault) ? script : throw new FormatException(fault);

    /// <summary>Reads a script whose words a shell has taken apart already: a word with a space in it stands for itself. A single one is read as a whole script.</summary>
    /// <exception cref="FormatException">A clause is unknown or wrong; the message names it and what would be right.</exception>
    public static VendorScript Parse(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return words is [var whole] ? Parse(whole) : Checked([.. words.Select(word => new ScriptWord(word, word.Any(char.IsWhiteSpace)))]);
    }

    /// <summary>Reads a script; tells what is wrong with it otherwise.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out VendorScript? script, [NotNullWhen(false)] out string? fault)
    {
        (script, fault) = (null, null);
        try
        {
            script = Checked(ScriptWord.Split(text ?? ""));
            return true;
        }
        catch (FormatException e)
        {
            fault = e.Message;
            return false;
        }
    }

    /// <summary>Reads the JSON form, as <see cref="ToJson"/> writes it.</summary>
    /// <exception cref="FormatException">It is no JSON, or a member is unknown or wrong; the message names it.</exception>
    public static VendorScript FromJson(string json)
    {
        try
        {
            var document = JsonSerializer.Deserialize(json, ScriptJson.Default.ScriptDocument) ?? throw new FormatException("A script is a JSON object, such as {\"after\": \"3 polls\"}.");
            return document.ToScript().Checked();
        }
        catch (JsonException e)
        {
            throw new FormatException($"The script is not what is expected: {e.Message}", e);
        }
    }

    /// <summary>The JSON form: members as the properties are called, moments and times as texts (<c>"3 polls"</c>, <c>"10s"</c>).</summary>
    public string ToJson() => JsonSerializer.Serialize(ScriptDocument.Of(this), ScriptJson.Default.ScriptDocument);

    /// <summary>What a method was given is checked here, before the script is taken.</summary>
    internal VendorScript Checked() => ScriptRules.FaultOf(this) is { } fault ? throw new FormatException(fault) : this;

    private static VendorScript Checked(IReadOnlyList<ScriptWord> words) => new ScriptReader(words).Read().Checked();
}

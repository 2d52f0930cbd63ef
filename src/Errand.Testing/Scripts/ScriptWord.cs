using System.Text;

namespace Errand.Testing;

/// <summary>A word of a script. What stood in quotes is meant as it is; a comma after any other word ends its clause.</summary>
internal readonly record struct ScriptWord(string Text, bool Quoted)
{
    /// <summary>Splits a text at spaces. Quotes, double or single, hold a word together; within double ones a backslash takes the next character as it is.</summary>
    public static List<ScriptWord> Split(string text)
    {
        List<ScriptWord> words = [];
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at])) at++;
            else if (text[at] is '"' or '\'') words.Add(new(Quotation(text, ref at), Quoted: true));
            else words.Add(new(Bare(text, ref at), Quoted: false));
        }

        return words;
    }

    /// <summary>The word as a text gives it.</summary>
    public static string Quote(string word)
    {
        if (word.Length > 0 && word[^1] is not (',' or ';') && word[0] is not ('"' or '\'') && !word.Any(char.IsWhiteSpace)) return word;
        return word.Contains('"', StringComparison.Ordinal) && !word.Contains('\'', StringComparison.Ordinal)
            ? $"'{word}'"
            : $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    private static string Bare(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at])) at++;
        return text[start..at];
    }

    private static string Quotation(string text, ref int at)
    {
        var (mark, start) = (text[at++], at);
        var word = new StringBuilder();
        while (at < text.Length && text[at] != mark)
        {
            if (mark == '"' && text[at] == '\\' && at + 1 < text.Length) at++;
            word.Append(text[at++]);
        }

        if (at == text.Length) throw new FormatException($"The quotation that begins with {mark}{text[start..Math.Min(text.Length, start + 20)]} has no end.");
        at++;
        if (at == text.Length || char.IsWhiteSpace(text[at])) return word.ToString();
        if (text[at] is not (',' or ';')) throw new FormatException($"After the quotation {mark}{word}{mark} a space or a comma is expected.");
        return word.ToString();
    }
}

namespace Errand;

/// <summary>Finds the word that was probably meant.</summary>
public static class Suggestion
{
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["state"] = "status",
        ["kind"] = "type",
        ["since"] = "created",
        ["until"] = "created",
        ["completed"] = "succeeded",
        ["success"] = "succeeded",
        ["error"] = "failed",
        ["pending"] = "queued",
        ["active"] = "running",
        ["processing"] = "running",
        ["waiting"] = "queued",
    };

    /// <summary>A sentence with the nearest word, beginning with a space; empty when none is near.</summary>
    public static string For(string word, IReadOnlyList<string> known) => Nearest(word, known) is { } near ? $" Did you mean '{near}'?" : "";

    /// <summary>The nearest word, at most two typing errors away; null when none is near.</summary>
    public static string? Nearest(string word, IReadOnlyList<string> known)
    {
        if (Synonyms.TryGetValue(word, out var meant) && known.Contains(meant)) return meant;
        var lower = word.ToLowerInvariant();
        var best = known.Select(k => (Word: k, Distance: Distance(lower, k))).OrderBy(k => k.Distance).FirstOrDefault();
        return best.Word is not null && best.Distance <= Math.Min(2, best.Word.Length - 1) ? best.Word : null;
    }

    private static int Distance(string a, string b)
    {
        if (a.Length > 64) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}

using System.Globalization;

namespace Errand.Testing;

/// <summary>Reads a script's words, clause by clause.</summary>
internal sealed class ScriptReader(IReadOnlyList<ScriptWord> words)
{
    private static readonly string[] Beginnings =
        ["after", "all", "at", "cancel", "complete", "drop", "expire", "expired", "fail", "fine", "for", "item", "items", "lag", "message", "output", "queued", "result", "slow", "stuck"];

    private VendorScript script = new();
    private Clause clause = new([]);

    public VendorScript Read()
    {
        var any = false;
        foreach (var next in Clauses())
        {
            (clause, any) = (next, true);
            ReadClause();
            if (clause.Next is { } left) throw Wrong($"'{left}' is one word too many");
        }

        return any ? script : throw new FormatException("A script has at least one clause: after 3 polls complete.");
    }

    private IEnumerable<Clause> Clauses()
    {
        List<string> current = [];
        foreach (var (text, quoted) in words)
        {
            var ends = !quoted && text.Length > 0 && text[^1] is ',' or ';';
            var word = ends ? text[..^1] : text;
            var joint = !quoted && word is "then" or "and";
            if (!joint && (quoted || word.Length > 0)) current.Add(word);
            if ((!ends && !joint) || current.Count == 0) continue;
            yield return new Clause(current);
            current = [];
        }

        if (current.Count > 0) yield return new Clause(current);
    }

    private void ReadClause()
    {
        var first = clause.Take() ?? "";
        switch (first)
        {
            case "queued": script = script with { Queued = Moment() }; break;
            case "after":
                script = script with { After = Moment() };
                ReadEnd();
                break;
            case "at" when clause.Take("once"):
                script = script.AtOnce();
                ReadEnd();
                break;
            case "complete" or "fine" or "fail" or "cancel": ReadEnd(first); break;
            case "stuck": script = script.Stuck(); break;
            case "slow": script = script.Slow(clause.Next is null ? null : Time()); break;
            case "expired": script = script.Expired(); break;
            case "expire":
                script = script with { ExpireAfter = clause.Take("after") ? Moment() : ScriptMoment.AfterPolls(0) };
                break;
            case "all" when clause.Take("items"): ReadItems([]); break;
            case "item" or "items": ReadItems(Keys()); break;
            case "drop": ReadFault(ScriptFault.Drop); break;
            case "lag": script = script.WithLag(Time()); break;
            case "result": script = script.WithResult(Argument("result {\"rows\":3}")); break;
            case "output": script = script.WithOutput(Argument("output totals.csv \"a,b\""), Argument("output totals.csv \"a,b\"")); break;
            case "message": ReadMessage(); break;
            case "for": ReadJobs(); break;
            case { Length: 3 } when int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var status): ReadFault(status); break;
            default: throw new FormatException($"No clause begins with '{first}'.{Suggestion.For(first, Beginnings)} Clauses begin with {string.Join(", ", Beginnings)}, or a status such as 429.");
        }
    }

    private void ReadEnd(string? word = null)
    {
        switch (word ?? clause.Take() ?? "complete")
        {
            case "complete" or "fine": script = script.Complete(); break;
            case "fail": script = script with { End = ScriptEnd.Fail, Error = Error() }; break;
            case "cancel": script = script.Cancel(clause.Take()); break;
            case "expire": script = script with { ExpireAfter = ScriptMoment.AfterPolls(0) }; break;
            case var other: throw Wrong($"'{other}' is no end: complete, fail, cancel or expire");
        }
    }

    private void ReadItems(IReadOnlyList<string> keys)
    {
        if (!clause.Take("fail")) throw Wrong("what happens to the items is missing: items 3,7 fail CODE \"MESSAGE\"");
        script = script with { Items = [.. script.Items, new ScriptItems(keys, Error())] };
    }

    // Keys stand in one word with commas or in several; "fail" ends them.
    private List<string> Keys()
    {
        List<string> keys = [];
        while (clause.Next is { } word && word != "fail")
        {
            keys.AddRange(word.Split(',', StringSplitOptions.RemoveEmptyEntries));
            clause.Take();
        }

        return keys.Count > 0 ? keys : throw Wrong("the items are missing: items 3,7 fail; all items fail");
    }

    // One word is a code and a sentence is a message, wherever only one of them is given.
    private ScriptError Error()
    {
        if (clause.Take() is not { } first) return ScriptError.Default;
        if (clause.Take() is { } second) return new ScriptError(first, second);
        return first.Any(char.IsWhiteSpace) ? ScriptError.Default with { Message = first } : ScriptError.Default with { Code = first };
    }

    private void ReadFault(int status)
    {
        var fault = new ScriptFault(status);
        while (clause.Take() is { } word)
        {
            fault = word switch
            {
                "once" => fault with { Times = 1 },
                "twice" => fault with { Times = 2 },
                "always" => fault with { Times = null },
                "on" when clause.Take("start") => fault with { OnStart = true },
                "retry" when clause.Take("after") => fault with { RetryAfter = Time() },
                _ when Number(word) is { } times && (clause.Take("times") || clause.Take("time")) => fault with { Times = times },
                _ => throw Wrong($"'{word}' is not expected: 429 twice on start retry after 5s"),
            };
        }

        script = script with { Faults = [.. script.Faults, fault] };
    }

    private void ReadMessage()
    {
        var first = Argument("message warning \"3 rows skipped\"");
        var severity = first switch { "debug" => JobSeverity.Debug, "info" => JobSeverity.Info, "warning" => JobSeverity.Warning, "error" => JobSeverity.Error, _ => (JobSeverity?)null };
        script = severity is { } known && clause.Take() is { } text ? script.WithMessage(text, known) : script.WithMessage(first);
    }

    private void ReadJobs()
    {
        var word = clause.Take();
        if (word is "every" && clause.Take("job")) script = script.ForEveryJob();
        else if (word is not null && Number(word) is { } jobs && (clause.Take("jobs") || clause.Take("job"))) script = script.ForJobs(jobs);
        else throw Wrong("for 3 jobs, or for every job");
    }

    private ScriptMoment Moment()
    {
        var word = clause.Take() ?? "";
        if (clause.Next is "poll" or "polls") word += " " + clause.Take();
        return ScriptMoment.TryParse(word, out var moment) ? moment : throw Wrong($"'{word}' is no moment: 3 polls, or {ScriptTime.Example}");
    }

    private TimeSpan Time()
    {
        var word = clause.Take() ?? "";
        return ScriptTime.TryParse(word, out var time) ? time : throw Wrong($"'{word}' is no time: {ScriptTime.Example}");
    }

    private string Argument(string example) => clause.Take() ?? throw Wrong($"something is missing: {example}");

    private static int? Number(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private FormatException Wrong(string what) => new($"In the clause '{clause}': {what}.");

    private sealed class Clause(IReadOnlyList<string> words)
    {
        private int at;

        public string? Next => at < words.Count ? words[at] : null;

        public string? Take() => at < words.Count ? words[at++] : null;

        public bool Take(string word)
        {
            if (Next != word) return false;
            at++;
            return true;
        }

        public override string ToString() => string.Join(' ', words);
    }
}

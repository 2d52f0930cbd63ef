using System.Globalization;

namespace Errand.Peers.Bench;

/// <summary>What the command line asked for.</summary>
internal sealed record Options
{
    private const string Usage = """
        usage: eng/bench-peers.sh [short|full] [PART…] [rounds=N] [jobs=N] [name=NAME] [readme=yes]
          short   three rounds with a cap of 4 seconds for each workload, within eight minutes; full (the default): five rounds, 60 seconds, up to an hour
          PART    only these of: 
          name    the results are bench/results/DATE-NAME.md, .json and .svg; default: the form and the host's name
          readme  yes: write the table between README.md's markers, too
        """;

    public required string Form { get; init; }

    public required IReadOnlyList<Part> Parts { get; init; }

    public required int Rounds { get; init; }

    public required Plan Plan { get; init; }

    public required string Name { get; init; }

    public required bool Readme { get; init; }

    public required string Command { get; init; }

    /// <summary>Null, with the reason said, where the words make no sense.</summary>
    public static Options? Parse(string[] words)
    {
        var form = "full";
        var parts = new List<Part>();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            if (word is "short" or "full") form = word;
            else if (Part.All.FirstOrDefault(part => part.Name == word) is { } part) parts.Add(part);
            else if (word.Split('=', 2) is ["rounds" or "jobs" or "name" or "readme", { Length: > 0 }] pair) settings[pair[0]] = pair[1];
            else return Refuse($"'{word}' is neither a form nor a part nor a setting.");
        }

        if (!Number("rounds", form == "short" ? 3 : 5, 1, 99, out var rounds) || !Number("jobs", 100_000, 1_000, 10_000_000, out var jobs)) return null;
        return new Options
        {
            Form = form,
            Parts = parts.Count == 0 ? Part.All : parts,
            Rounds = rounds,
            Plan = form == "short"
                ? new Plan(jobs, PerCall: 1_000, BulkCallers: 2, Singles: Math.Min(20_000, jobs / 5), SingleSeconds: 1, Samples: 100, Warm: 500, CapSeconds: 4)
                : new Plan(jobs, PerCall: 1_000, BulkCallers: 2, Singles: Math.Min(30_000, jobs / 5), SingleSeconds: 5, Samples: 500, Warm: 2_000, CapSeconds: 60),
            Name = settings.GetValueOrDefault("name", $"{form}-{Environment.MachineName}"),
            Readme = settings.GetValueOrDefault("readme") == "yes",
            Command = string.Join(' ', ["eng/bench-peers.sh", .. words]),
        };

        bool Number(string name, int usual, int least, int most, out int value)
        {
            value = usual;
            if (!settings.TryGetValue(name, out var text)) return true;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most) return true;
            Refuse(string.Create(CultureInfo.InvariantCulture, $"{name}={text} is not a number from {least} to {most}."));
            return false;
        }
    }

    private static Options? Refuse(string reason)
    {
        Console.Error.WriteLine(reason);
        Console.Error.WriteLine(Usage.Replace("only these of: ", "only these of: " + string.Join(' ', Part.All.Select(part => part.Name)), StringComparison.Ordinal));
        return null;
    }
}

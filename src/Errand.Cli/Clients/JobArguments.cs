using System.CommandLine;
using System.CommandLine.Parsing;
using Errand.Server.Configuration;

namespace Errand.Cli.Clients;

/// <summary>Arguments and options that several commands share.</summary>
internal static class JobArguments
{
    /// <summary>One job, by its id or its URL.</summary>
    public static Argument<string> Id() =>
        new("id") { Description = "The job's id, or its URL", CustomParser = result => IdOf(result.Tokens[0].Value) };

    /// <summary>Several jobs.</summary>
    public static Argument<string[]> Ids() => new("ids")
    {
        Description = "The jobs' ids, or their URLs",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
            [.. result.Tokens.Select(token => IdOf(token.Value))],
    };

    /// <summary>How long to wait.</summary>
    public static Option<TimeSpan?> Timeout() => Duration("--timeout", "Stop waiting after this time: 30s, 10m. The job goes on");

    /// <summary>A duration.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (Durations.TryParse(result.Tokens[0].Value, out var duration)) return duration;
            result.AddError($"'{result.Tokens[0].Value}' is no duration for {name}. Write {Durations.Example}.");
            return null;
        },
    };

    /// <summary>Names with values: <c>-l customer=acme</c>.</summary>
    public static Dictionary<string, string>? Pairs(ArgumentResult result)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var token in result.Tokens)
        {
            var at = token.Value.IndexOf('=', StringComparison.Ordinal);
            if (at > 0) pairs[token.Value[..at]] = token.Value[(at + 1)..];
            else result.AddError($"'{token.Value}' is no label. Write name=value.");
        }

        return pairs;
    }

    // What a browser or an answer shows can be pasted as it is.
    private static string IdOf(string text)
    {
        var at = text.IndexOf("/jobs/", StringComparison.Ordinal);
        return at < 0 ? text : text[(at + 6)..].Split('/', '?', '#')[0];
    }
}

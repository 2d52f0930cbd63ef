using System.Globalization;
using System.Text.RegularExpressions;

namespace Errand.Load.Http;

/// <summary>One short run of wrk.</summary>
internal static partial class Wrk
{
    public const int Connections = 64;

    public static async Task<Rate> RateAsync(Load load, string url, ServerProcess server, HttpSettings settings)
    {
        string[] arguments =
        [
            "-t1", $"-c{Connections}", $"-d{settings.Seconds}s", .. load.Headers.SelectMany(header => new[] { "-H", header }),
            .. load.Script is { } script ? new[] { "-s", script } : [], url,
        ];
        var before = server.Processor;
        var said = await Commands.RunAsync("wrk", arguments);
        if (said.Contains("Non-2xx", StringComparison.Ordinal) && !load.NotModified) throw new InvalidOperationException($"wrk {url} met errors:\n{said}");
        var requests = double.Parse(Requests().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
        return new Rate(double.Parse(RequestsPerSecond().Match(said).Groups[1].Value, CultureInfo.InvariantCulture), (server.Processor - before).TotalMicroseconds / requests);
    }

    [GeneratedRegex(@"Requests/sec:\s+([0-9.]+)")]
    private static partial Regex RequestsPerSecond();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();
}

/// <summary>What wrk sends.</summary>
/// <param name="Headers">The headers beside its own.</param>
internal sealed record Load(params string[] Headers)
{
    /// <summary>A program in Lua, for what is not a GET.</summary>
    public string? Script { get; init; }

    /// <summary>True where 304 is the answer that is wanted; wrk counts it as an error.</summary>
    public bool NotModified { get; init; }
}

/// <summary>What came of a run.</summary>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="Microseconds">Processor time of the server for one request.</param>
internal readonly record struct Rate(double PerSecond, double Microseconds)
{
    public static Rate Median(List<Rate> rates) =>
        new(Report.Median([.. rates.Select(rate => rate.PerSecond)]), Report.Median([.. rates.Select(rate => rate.Microseconds)]));
}

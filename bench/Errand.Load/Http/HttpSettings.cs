using System.Globalization;
using System.Text.RegularExpressions;

namespace Errand.Load.Http;

/// <summary>How long and what, from the environment: what is given there is for whoever tries one change.</summary>
/// <param name="Executable">The build that is measured.</param>
/// <param name="Before">Another build, measured between the runs of the first: <c>BASELINE</c>.</param>
/// <param name="Native">The native executable, whose start is measured where it was built: <c>NATIVE</c>.</param>
/// <param name="PostgreSql">A database that is at our disposal: <c>POSTGRES</c>.</param>
/// <param name="Rounds">How often each is run; the median counts: <c>ROUNDS</c>.</param>
/// <param name="Seconds">How long one run lasts: <c>SECONDS_EACH</c>.</param>
/// <param name="Rest">How long an idle server is left alone before it is looked at, and then looked at: <c>REST</c>.</param>
/// <param name="Only">What is measured, as a regular expression on the names of the rows: <c>ONLY</c>.</param>
internal sealed record HttpSettings(string Executable, string? Before, string? Native, string? PostgreSql, int Rounds, int Seconds, TimeSpan Rest, Regex? Only)
{
    public static HttpSettings Read(string executable) => new(
        executable, Text("BASELINE"), Text("NATIVE"), Text("POSTGRES"), Number("ROUNDS", 3), Number("SECONDS_EACH", 3), TimeSpan.FromSeconds(Number("REST", 60)),
        Text("ONLY") is { } only ? new Regex(only, RegexOptions.IgnoreCase | RegexOptions.NonBacktracking) : null);

    /// <summary>The builds whose servers are run.</summary>
    public IEnumerable<string> Builds => Before is null ? [Executable] : [Executable, Before];

    public bool Wants(string row) => Only?.IsMatch(row) ?? true;

    private static string? Text(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;

    private static int Number(string name, int otherwise) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}

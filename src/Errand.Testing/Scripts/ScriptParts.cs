using System.Text.Json.Serialization;

namespace Errand.Testing;

/// <summary>How a scripted job ends.</summary>
public enum ScriptEnd
{
    /// <summary>Well.</summary>
    [JsonStringEnumMemberName("complete")]
    Complete,

    /// <summary>With an error of the whole job.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,

    /// <summary>Canceled by somebody: <c>killed</c>, <c>cancelled</c>, <c>Cancelled</c>; the queue jobs of Workiva say <c>FAILED</c>.</summary>
    [JsonStringEnumMemberName("cancel")]
    Cancel,

    /// <summary>Never: it stays at work.</summary>
    [JsonStringEnumMemberName("never")]
    Never,
}

/// <summary>What goes wrong with a job or an item.</summary>
/// <param name="Code">A word: <c>TicketUpdateFailed</c>.</param>
/// <param name="Message">A sentence.</param>
public sealed record ScriptError(string Code, string Message)
{
    /// <summary>What a script says that names none.</summary>
    public static ScriptError Default { get; } = new("Scripted", "Failed as the script says.");
}

/// <summary>Items that fail; the others succeed.</summary>
/// <param name="Keys">Their ids as the request names them, or their places as <c>#0</c>; empty for every item.</param>
/// <param name="Error">Why.</param>
public sealed record ScriptItems(IReadOnlyList<string> Keys, ScriptError Error);

/// <summary>Answers that are not about the job: the vendor's own trouble.</summary>
/// <param name="Status">401, 403, 404, 429, 500, 502, 503 or 504; 0 breaks the connection off.</param>
/// <param name="Times">So often, then all is well; null for always.</param>
/// <param name="OnStart">True: the requests that begin jobs; false: the polls.</param>
/// <param name="RetryAfter">What <c>Retry-After</c> asks for, beside 429 and 503. Default: 1 second.</param>
public sealed record ScriptFault(int Status, int? Times = 1, bool OnStart = false, TimeSpan? RetryAfter = null)
{
    /// <summary>The connection breaks before an answer comes.</summary>
    public const int Drop = 0;

    internal static readonly int[] Statuses = [401, 403, 404, 429, 500, 502, 503, 504];
}

/// <summary>A file that the job publishes.</summary>
/// <param name="FileName">Its name; what follows the last dot is its format.</param>
/// <param name="Content">What is in it.</param>
public sealed record ScriptOutput(string FileName, string Content);

/// <summary>A line of the job's log.</summary>
/// <param name="Severity">How grave it is.</param>
/// <param name="Text">What it says.</param>
public sealed record ScriptMessage(JobSeverity Severity, string Text);

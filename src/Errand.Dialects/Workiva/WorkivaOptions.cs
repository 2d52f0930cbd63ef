namespace Errand.Dialects.Workiva;

/// <summary>How the two wires of Workiva behave: queue jobs and operations.</summary>
public sealed class WorkivaOptions
{
    /// <summary>
    /// When a queue job answers 303. Default: <see cref="WorkivaSeeOther.Never"/>, because some clients drop their credentials or throw when they are redirected.
    /// </summary>
    public WorkivaSeeOther SeeOther { get; set; }

    /// <summary>
    /// Sends the dates of the vendor's own pages as <c>Deprecation</c> (RFC 9745) and <c>Sunset</c> (RFC 8594) on the paths of version 2022-01-01. Default: false, as the vendor does not.
    /// </summary>
    public bool DeprecationHeaders { get; set; }

    /// <summary>
    /// Requests a second for each client; more are refused with 429 and <c>Retry-After</c>. The vendor tells of rates "as low as 1". Null, the default: nothing is refused.
    /// </summary>
    public double? RateLimit { get; set; }

    /// <summary>What <c>Retry-After</c> asks for beside a 202 and an operation that is not over: whole seconds, at least 1. Default: 1 second.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the signed URL of a queue job's output can be fetched; a look at the job makes a new one, or tells one that is less than a second old. Default: 1 hour.</summary>
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The types that are queue jobs; a job of another type is a 422 there. Null, the default: all.</summary>
    public IReadOnlyList<string>? QueueJobTypes { get; set; }

    /// <summary>
    /// Which of the vendor's calls begin jobs, and of which type: <c>POST /files/{fileId}/copy</c> → <c>files.copy</c>. A path of <see cref="KnownStarters"/> is served at the root, under
    /// <c>/platform/v1</c> and under <c>/prototype/platform</c>; any other is written whole and begins with <c>/platform/v1/</c>, <c>/prototype/platform/</c>, or, for queue jobs,
    /// <c>/spreadsheets/v1/</c>. What is not named is the vendor's 404. Default: none.
    /// </summary>
    public IDictionary<string, string> Starters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The vendor's calls that answer 202: method, a space, and the path.</summary>
    public static IReadOnlyList<string> KnownStarters { get; } = [.. StarterTable.Known.Select(starter => starter.Key)];

    /// <summary>What is wrong with a name of <see cref="Starters"/>; null when nothing is.</summary>
    public static string? FaultOf(string starter) => StarterTable.FaultOf(starter);

    internal void Validate()
    {
        foreach (var starter in Starters.Keys)
        {
            if (FaultOf(starter) is { } fault) throw new InvalidOperationException($"WorkivaOptions.Starters: {fault}.");
        }

        if (RateLimit is <= 0) throw new InvalidOperationException($"WorkivaOptions.RateLimit must be over 0 requests a second, not {RateLimit}; null for no limit.");
        if (LinkLifetime <= TimeSpan.Zero) throw new InvalidOperationException($"WorkivaOptions.LinkLifetime must be over zero, not {LinkLifetime}.");
    }
}

/// <summary>When a queue job answers 303.</summary>
public enum WorkivaSeeOther
{
    /// <summary>Never: a 200 whose <c>next_url</c> leads to the output.</summary>
    Never,

    /// <summary>Once it has succeeded and has an output: 303 with the same body and a <c>Location</c> that can be fetched without credentials.</summary>
    Output,
}

namespace Errand.Dialects.Zendesk;

/// <summary>How the Zendesk wire behaves.</summary>
public sealed class ZendeskOptions
{
    /// <summary>What surrounds one job. Default: <see cref="ZendeskEnvelope.Both"/>.</summary>
    public ZendeskEnvelope Envelope { get; set; }

    /// <summary>
    /// Answers as the document of 2012 has it: <c>queued</c> reads <c>working</c>, nothing is null, dates in messages read <c>Fri Apr 13 02:51:53 +0000 2012</c>, and there is no
    /// <c>job_type</c>. Default: false.
    /// </summary>
    public bool SeedStrict { get; set; }

    /// <summary>
    /// Refuses end users with 403. Agents are callers with a role other than <c>viewer</c>, with <c>jobs.read.all</c> or with <c>jobs.admin</c>. Default: false, anyone of the account reads.
    /// </summary>
    public bool AgentsOnly { get; set; }

    /// <summary>
    /// How long a finished job can be read here, counted from its creation as the vendor counts; one that ended late stays for an hour after its end. Afterwards it is a 404. The job itself is
    /// kept by the rules of its type. Default: 24 hours.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Which bulk endpoints begin jobs, and of which type: <c>tickets/update_many</c> → <c>tickets.update</c>. What is not named is the vendor's 404. Default: none.
    /// </summary>
    public IDictionary<string, string> Starters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Requests a minute for each caller; more are refused with 429 and <c>Retry-After</c>. Null, the default: nothing is refused, and the headers tell the vendor's 700.
    /// </summary>
    public int? RateLimit { get; set; }

    /// <summary>Every bulk endpoint that <see cref="Starters"/> may name.</summary>
    public static IReadOnlyList<string> KnownStarters => ZendeskStarters.Keys;
}

/// <summary>What surrounds one job in an answer.</summary>
public enum ZendeskEnvelope
{
    /// <summary>The fields both under <c>job_status</c> and beside it: read by today's clients and by those of 2012.</summary>
    Both,

    /// <summary><c>{"job_status":{…}}</c>, as today's documentation has it.</summary>
    Envelope,

    /// <summary>The fields alone, as the document of 2012 has it. No client that was tried reads this.</summary>
    Bare,
}

using System.Text.Json.Serialization;

namespace Errand.Contracts;

/// <summary>The body of <c>POST /v1/worker-sessions</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record OpenSessionRequest
{
    /// <summary>The worker's own name, for people: host and process.</summary>
    public required string Worker { get; init; }

    /// <summary>The types it can run, aliases included.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>The queues it takes jobs from; empty for every queue.</summary>
    public IReadOnlyList<string> Queues { get; set; } = [];

    /// <summary>How many jobs it runs at once.</summary>
    public int Slots { get; set; } = 1;
}

/// <summary>An open worker session.</summary>
/// <param name="Id">Its name, for the URLs.</param>
/// <param name="BeatEvery">How often to beat.</param>
/// <param name="Term">Without a beat for this long the session is over and its jobs go to others.</param>
public sealed record SessionResource(string Id, TimeSpan BeatEvery, TimeSpan Term);

/// <summary>The body of <c>…/beat</c>: that the worker lives, and what its jobs report.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BeatRequest
{
    /// <summary>The jobs that the worker holds, with what they report.</summary>
    public IReadOnlyList<LeaseReport> Leases { get; set; } = [];

    /// <summary>
    /// True when the leases are all that the worker holds. What the server holds for the session beyond them, since the answer to a claim was
    /// lost, is queued again once two such beats in a row do not name it. Default: false.
    /// </summary>
    public bool All { get; set; }
}

/// <summary>What one job reports with a beat.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LeaseReport
{
    /// <summary>What the claim gave.</summary>
    public required string Lease { get; init; }

    /// <summary>How far it has come; absent for no news.</summary>
    public ProgressReportRequest? Progress { get; init; }

    /// <summary>New lines of its log.</summary>
    public IReadOnlyList<MessageReport> Messages { get; set; } = [];
}

/// <summary>How far a job has come.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ProgressReportRequest
{
    /// <summary>0 to 100.</summary>
    public double? Percent { get; init; }

    /// <summary>Done, the failed ones included.</summary>
    public long? Completed { get; init; }

    /// <summary>In all.</summary>
    public long? Total { get; init; }

    /// <summary>Done, with an error of their own.</summary>
    public long? Failed { get; init; }

    /// <summary>What is counted.</summary>
    public string? Unit { get; init; }

    /// <summary>The phase, in words.</summary>
    public string? Message { get; init; }
}

/// <summary>One line for a job's log.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MessageReport
{
    /// <summary>When it was said; the server's time where it is left out.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>How grave it is. Default: <c>info</c>.</summary>
    public JobSeverity Severity { get; set; } = JobSeverity.Info;

    /// <summary>What it says.</summary>
    public required string Text { get; init; }

    /// <summary>The tool or source number.</summary>
    public int? Source { get; init; }
}

/// <summary>The answer to a beat.</summary>
/// <param name="Cancel">Leases whose jobs are asked to stop.</param>
/// <param name="Lost">Leases that are over: stop at once, nothing that is reported counts.</param>
public sealed record BeatResource(IReadOnlyList<string> Cancel, IReadOnlyList<string> Lost);

/// <summary>The body of <c>…/claim</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ClaimRequestBody
{
    /// <summary>How much is wanted of which queue; empty for <c>[{"queue":"*","limit":1}]</c>.</summary>
    public IReadOnlyList<DemandRequest> Demands { get; set; } = [];
}

/// <summary>How much is wanted of a queue.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DemandRequest
{
    /// <summary>The queue; <c>*</c> for every queue.</summary>
    public string Queue { get; set; } = "*";

    /// <summary>At most this many jobs: 1 to 200.</summary>
    public int Limit { get; set; } = 1;
}

/// <summary>The answer to a claim.</summary>
/// <param name="Jobs">The jobs, in the order in which they should start.</param>
public sealed record ClaimResource(IReadOnlyList<ClaimedJobResource> Jobs);

/// <summary>A claimed job with what its handler needs.</summary>
public sealed record ClaimedJobResource
{
    /// <summary>What everything that is reported about the job must carry. Opaque.</summary>
    public required string Lease { get; init; }

    /// <summary>The job.</summary>
    public required JobResource Job { get; init; }

    /// <summary>Its input.</summary>
    public RawJson? Input { get; init; }

    /// <summary>The shape of the input.</summary>
    public int InputVersion { get; set; } = 1;

    /// <summary>True when it has items; they are read from <c>…/inputs</c>.</summary>
    public bool HasItems { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the submit.</summary>
    public string? Traceparent { get; init; }

    /// <summary>The W3C <c>tracestate</c> of the submit.</summary>
    public string? Tracestate { get; init; }
}

/// <summary>An item as it was submitted: one line of <c>…/inputs</c>.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Item">The item.</param>
public sealed record ItemInputResource(int Index, RawJson Item);

using System.Security.Cryptography;
using System.Text;
using Errand.Storage;

namespace Errand.Conformance.Storage;

/// <summary>Jobs, sessions, claims and changes to try a store with. Every instant is counted from <see cref="Noon"/>.</summary>
internal static class Draft
{
    public const string Tenant = "acme";
    public const string Type = "report.export";
    public const string Owner = "ada";

    /// <summary>How long a session lasts without a beat, in seconds: only tests about its end look so far ahead.</summary>
    public const double Term = 2e6;

    public static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset After(double seconds) => Noon.AddSeconds(seconds);

    public static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static JobHead Head() => new()
    {
        Tenant = Tenant,
        Id = JobId.New(Noon),
        Type = Type,
        Queue = JobNames.DefaultQueue,
        Owner = Owner,
        CreatedAt = Noon,
        UpdatedAt = Noon,
        DueAt = Noon,
    };

    public static NewJob Job(Func<JobHead, JobHead>? shape = null, JobDetails? details = null, JobInput? input = null) =>
        new(shape?.Invoke(Head()) ?? Head(), details ?? JobDetails.None, input ?? JobInput.None);

    public static IdempotencyRecord Request(string key, string content, DateTimeOffset? expiresAt = null, string tenant = Tenant) =>
        new(tenant, SHA256.HashData(Utf8(key).Span), SHA256.HashData(Utf8(content).Span), expiresAt ?? After(86_400));

    public static WorkerSession Session() => new()
    {
        Id = SessionId.New(),
        Worker = "host-1/4711",
        Slots = 16,
        Queues = [JobNames.DefaultQueue],
        Types = [Type],
        OpenedAt = Noon,
        ExpiresAt = After(Term),
    };

    public static ClaimRequest Claim(
        SessionId session, int limit = 100, DateTimeOffset? asOf = null, string queue = JobNames.DefaultQueue, string[]? types = null,
        int firstPriority = 9, int suspects = int.MaxValue) =>
        new(session, [new QueueClaim(queue, types ?? [Type], limit, firstPriority)], suspects, asOf ?? Noon);

    public static JobChange Change(JobHead before, Func<JobHead, JobHead> shape) =>
        new(before, shape(before) with { Version = before.Version + 1 });

    public static JobChange Finish(JobHead before, JobState state = JobState.Succeeded, DateTimeOffset? at = null, TimeSpan? keep = null) =>
        Change(before, head => head with
        {
            State = state,
            Session = null,
            UpdatedAt = at ?? Noon,
            FinishedAt = at ?? Noon,
            ExpiresAt = (at ?? Noon) + (keep ?? TimeSpan.FromDays(7)),
        });

    /// <summary>Gives a claimed job back to its queue.</summary>
    public static JobChange Requeue(JobHead before, int losses = 0) =>
        Change(before, head => head with { State = JobState.Queued, Session = null, Losses = head.Losses + losses });

    public static JobChange AskToStop(JobHead before) =>
        Change(before, head => head with { State = JobState.Canceling, CancelReason = "no longer needed" });

    public static JobResult Result(string json) =>
        new("application/json", Utf8(json), null, json.Length, "sha-256=:AAAA:");

    public static JobMessage Message(string text, JobSeverity severity = JobSeverity.Info, int attempt = 1) =>
        new() { Time = Noon, Text = text, Severity = severity, Attempt = attempt };

    public static JobItem Item(string key, int? index = null, JobItemStatus status = JobItemStatus.Succeeded) =>
        new() { Key = key, Index = index, Status = status };

    /// <summary>An output with a file of 100 bytes at each location.</summary>
    public static JobOutput Output(string id, params string[] locations)
    {
        var formats = locations.Select((at, i) => new JobOutputFormat($"f{i}", "text/csv", 100, "sha-256=:AAAA:", at));
        return new(id, $"{id}.csv", [.. formats], Noon, 1);
    }

    public static Upload Upload(string id, string owner = Owner, DateTimeOffset? expiresAt = null, string location = "acme/upload") =>
        new(id, Tenant, owner, "csv", 3, 120, "sha-256=:AAAA:", location, Noon, expiresAt ?? After(86_400));
}

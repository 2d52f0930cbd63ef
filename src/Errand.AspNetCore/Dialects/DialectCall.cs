using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Errand.Storage;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>One request to a route of a dialect, past the checks.</summary>
public sealed class DialectCall
{
    private readonly ErrandApi api;
    private readonly IWireDialect dialect;
    private readonly ErrandPrincipal? principal;
    private readonly long bodyBytesMax;
    private Guid? requestId;

    internal DialectCall(HttpContext http, ErrandApi api, IWireDialect dialect, ErrandPrincipal? principal, string baseUrl, long bodyBytesMax)
    {
        (Http, this.api, this.dialect, this.principal, BaseUrl, this.bodyBytesMax) = (http, api, dialect, principal, baseUrl, bodyBytesMax);
        Clients = api.Clients;
    }

    /// <summary>The exchange.</summary>
    public HttpContext Http { get; }

    /// <summary>The request.</summary>
    public HttpRequest Request => Http.Request;

    /// <summary>The answer.</summary>
    public HttpResponse Response => Http.Response;

    /// <summary>Who calls. Not on <see cref="DialectRoute.Open"/> routes.</summary>
    /// <exception cref="InvalidOperationException">The route is open to everyone.</exception>
    public ErrandPrincipal Principal => principal ?? throw new InvalidOperationException("An open route has no principal.");

    /// <summary>Jobs as the caller.</summary>
    public IJobClient Jobs => Clients.For(Principal.Caller);

    /// <summary>What jobs hold, as the caller.</summary>
    public IJobContents Contents => Clients.ContentsFor(Principal.Caller);

    /// <summary>The front door, for a dialect with rules of its own on who sees what: <c>call.Clients.For(call.Principal.Caller with { SeesAll = true })</c>. A filter may put its own before it.</summary>
    public IJobClients Clients { get; set; }

    /// <summary>The known types.</summary>
    public IJobTypes Types => api.Types;

    /// <summary>Now.</summary>
    public DateTimeOffset Now => api.Time.GetUtcNow();

    /// <summary>A new id for this request; give it to a submit so that the job remembers which request began it.</summary>
    public Guid RequestId => requestId ??= Guid.NewGuid();

    /// <summary>Scheme, host, path base and the prefix that the dialect is mapped at, without a slash at the end.</summary>
    public string BaseUrl { get; }

    /// <summary>Raised when the client is gone.</summary>
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The W3C <c>traceparent</c> and <c>tracestate</c> of the request, validated; for <see cref="JobSubmission"/>.</summary>
    public (string? Parent, string? State) Trace => TraceHeaders.Of(Request);

    /// <summary>A value of the path; empty when the pattern has no such part.</summary>
    public string RouteValue(string name) => (string?)Request.RouteValues[name] ?? "";

    /// <summary>A job's id of the path: 32 hex digits, with dashes and upper case accepted.</summary>
    /// <exception cref="JobProblemException"><see cref="JobProblems.NotFound"/>: a text of another shape is no job of ours, unknown and never malformed.</exception>
    public JobId JobIdOf(string routeValue = "id") => JobId.TryParse(RouteValue(routeValue), out var id) ? id : throw NotFound();

    /// <summary>The job of a look-up.</summary>
    /// <exception cref="JobProblemException"><see cref="JobProblems.NotFound"/> or <see cref="JobProblems.JobPurged"/>.</exception>
    public static Job Found(JobLookup lookup) => lookup switch
    {
        { Job: { } job } => job,
        { Tombstone: { } tombstone } => throw new JobProblemException(
            new JobProblem(JobProblems.JobPurged, "The job was there and is purged.") { PurgedAt = tombstone.PurgedAt }),
        _ => throw NotFound(),
    };

    /// <summary>Refuses new work while the host stops; another node, or the restarted one, will take it.</summary>
    /// <exception cref="JobProblemException"><see cref="JobProblems.Draining"/>.</exception>
    public void RefuseWhileDraining()
    {
        if (!api.Health.Draining) return;
        throw new JobProblemException(
            new JobProblem(JobProblems.Draining, "This server is shutting down. Send the request again.") { RetryAfter = TimeSpan.FromSeconds(2) });
    }

    /// <summary>The body whole, without a byte order mark; empty when there is none.</summary>
    /// <exception cref="DialectProblemException">It is larger than the route allows.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync()
    {
        var reader = Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(Aborted);
            if (read.Buffer.Length > bodyBytesMax) throw new DialectProblemException(DialectProblem.From(Failures.TooLarge(bodyBytesMax)));
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body is [0xEF, 0xBB, 0xBF, ..] ? body.AsMemory(3) : body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>
    /// Makes a text for URLs that only this installation – every node, after every restart – can read or make: a page token, a link that needs no credentials. It may be read by nobody else and
    /// holds as long as whoever opens it says.
    /// </summary>
    /// <param name="purpose">What it is good for, beginning with the dialect's name: dialect, job, place. It opens under the same purpose only.</param>
    /// <param name="content">At most 3,000 bytes.</param>
    public ValueTask<string> SealAsync(string purpose, ReadOnlyMemory<byte> content) => api.Sealer.SealAsync("dialect\n" + purpose, content, Aborted);

    /// <summary>The content of a sealed text; null when it was not made here, or for another purpose.</summary>
    public ValueTask<byte[]?> UnsealAsync(string purpose, string text) => api.Sealer.OpenAsync("dialect\n" + purpose, text, Aborted);

    /// <summary>
    /// Sends the answer that was made for a finished job a moment ago; false when there is none, and then it is made and sent with <see cref="SendFinishedAsync"/>. Pollers read finished jobs in
    /// crowds, and nothing of them changes. Look the job up first, as the caller, and let every rule of who sees what pass: this only spares the making.
    /// </summary>
    /// <param name="job">The job, as it was just found.</param>
    /// <param name="form">A constant for each different answer of this dialect about the same job.</param>
    /// <param name="requestId">The id of this request, where the answer has one.</param>
    public bool TrySendFinished(Job job, string form = "", Guid requestId = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!Keeps(job) || api.Kept.Find(KeyOf(job, form)) is not { } kept) return false;
        kept.Send(Http, requestId);
        return true;
    }

    /// <summary>Sends an answer about a job: 200 and a JSON document. That of a finished job is kept for <see cref="TrySendFinished"/>.</summary>
    /// <param name="job">The job.</param>
    /// <param name="form">As there. Answers that differ by more than this, the address of the server and whether the caller is an administrator must not be sent so.</param>
    /// <param name="value">What is written.</param>
    /// <param name="type">Its description from a source-generated context.</param>
    /// <param name="contentType">The media type.</param>
    /// <param name="requestId">The id of this request, where it is in the answer: the next one has another.</param>
    public async Task SendFinishedAsync<T>(Job job, string form, T value, JsonTypeInfo<T> type, string contentType = "application/json", Guid? requestId = null)
    {
        ArgumentNullException.ThrowIfNull(job);
        using var buffer = new BodyBuffer();
        using (var writer = new Utf8JsonWriter(buffer, BodyBuffer.WriterOptions)) JsonSerializer.Serialize(writer, value, type);
        if (Keeps(job)) api.Kept.Offer(KeyOf(job, form), buffer.Written.Span, contentType, requestId);
        await Http.WriteBytesAsync(buffer.Written, 200, contentType);
    }

    // What a filter put before the engine may tell of the same job something else.
    private bool Keeps(Job job) => job.Head.State.IsTerminal() && ReferenceEquals(Clients, api.Clients);

    private AnswerKey KeyOf(Job job, string form) => new(job, dialect, BaseUrl, form, principal is { Caller.IsAdmin: true });

    private static JobProblemException NotFound() => new(JobProblems.NotFound, ApiProblem.NotFound.Detail);
}

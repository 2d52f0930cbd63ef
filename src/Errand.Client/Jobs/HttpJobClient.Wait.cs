using System.Globalization;
using System.Net;
using Errand.Client.Transport;
using Errand.Client.Waiting;

namespace Errand.Client;

public sealed partial class HttpJobClient
{
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Waits until a job is finished, or for <paramref name="timeout"/>; returns the job as it then is. The server holds each request until
    /// the job changes, so there is no busy polling.
    /// </summary>
    /// <param name="id">The job.</param>
    /// <param name="timeout">How long; null for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait, not the job.</param>
    /// <exception cref="TimeoutException">The server did not answer once in that time.</exception>
    public async Task<JobSnapshot> WaitAsync(string id, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        await new JobWaiter(new NativeWire(this, id), _transport.Options).UntilDoneAsync(timeout, seen: null, cancellationToken)
        ?? throw new TimeoutException($"{Server} did not say how the job {id} is within {timeout}.");

    /// <summary>Reads a job; one that is known already, when it changed or is finished, or after a time.</summary>
    internal async Task<JobSnapshot> NextAsync(
        string id, JobSnapshot? known, bool everyChange, TimeSpan hold, CancellationToken cancellationToken)
    {
        var seconds = (int)Math.Max(0, Math.Ceiling(hold.TotalSeconds));
        var outgoing = new Outgoing(HttpMethod.Get, JobPath(id))
        {
            Also = [HttpStatusCode.NotModified],
            Limit = TimeSpan.FromSeconds(seconds) + Options.Timeout,
            Tries = known is null ? null : 0,
        }
            .With("Prefer", known is null ? null : string.Create(CultureInfo.InvariantCulture, $"wait={seconds}"))

            // With the tag a server that holds requests answers at every change, without it at the end; one that does not hold them saves the body.
            .With("If-None-Match", everyChange || known is { Held: false } ? known?.ETag : null);
        using var response = await _transport.SendAsync(outgoing, cancellationToken);
        var held = response.Headers.Contains("Preference-Applied");
        return response.StatusCode is HttpStatusCode.NotModified
            ? known! with { Held = held, RetryAfter = _transport.RetryAfter(response.Headers.RetryAfter) ?? known.RetryAfter }
            : (await SnapshotAsync(response, cancellationToken)) with { Held = held };
    }
}

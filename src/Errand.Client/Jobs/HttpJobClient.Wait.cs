using System.Net;
using Errand.Client.Transport;

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
    public async Task<JobSnapshot> WaitAsync(string id, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var time = _transport.Options.Time;
        var begun = time.GetTimestamp();
        JobSnapshot? known = null;
        while (true)
        {
            var left = timeout - time.GetElapsedTime(begun) ?? LongestPoll;
            if (known is not null && (known.Job.Done || left <= TimeSpan.Zero)) return known;
            known = await NextAsync(id, known, left < LongestPoll ? left : LongestPoll, cancellationToken);
        }
    }

    /// <summary>Waits until a job is not at the known state any more, or for a time.</summary>
    private async Task<JobSnapshot> NextAsync(string id, JobSnapshot? known, TimeSpan wait, CancellationToken cancellationToken)
    {
        var seconds = (int)Math.Max(0, Math.Ceiling(wait.TotalSeconds));
        var outgoing = new Outgoing(HttpMethod.Get, JobPath(id)) { Also = [HttpStatusCode.NotModified], Timeless = true }
            .With("Prefer", known is null ? null : $"wait={seconds}")
            .With("If-None-Match", known?.ETag);
        using var response = await _transport.SendAsync(outgoing, cancellationToken);
        var next = response.StatusCode is HttpStatusCode.NotModified ? known! : await SnapshotAsync(response, cancellationToken);

        // A server or a proxy that does not hold requests is asked no more often than it says.
        if (known is not null && !response.Headers.Contains("Preference-Applied") && !next.Job.Done)
        {
            var pause = next.RetryAfter ?? TimeSpan.FromSeconds(1);
            var most = wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
            await Task.Delay(pause < most ? pause : most, _transport.Options.Time, cancellationToken);
        }

        return next;
    }
}

using System.Net;
using System.Runtime.CompilerServices;
using Errand.Contracts;

namespace Errand.Client.Waiting;

/// <summary>
/// Waits for the end of a job over anything that can be read. The server holds the requests where it can; otherwise it is asked as often as
/// <c>Retry-After</c> says, or at a growing pace. A server that is busy is waited for, and one that went away;
/// one that was never there is not.
/// </summary>
internal sealed class JobWaiter(IJobWire wire, HttpJobClientOptions options)
{
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(30);

    // A request in flight when the time is over may still bring the end of the job.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Pace _pace = new(options.Chance);
    private long _heard = options.Time.GetTimestamp();
    private TimeSpan _pause;
    private bool _met;

    /// <summary>Reads until the job is done or the time is over; null when it could not be read even once in that time.</summary>
    /// <param name="timeout">How long; null for as long as it takes.</param>
    /// <param name="seen">Told of every reading; null when only the end matters.</param>
    /// <param name="cancellationToken">Ends the wait, not the job.</param>
    public async Task<JobSnapshot?> UntilDoneAsync(TimeSpan? timeout, Action<JobSnapshot>? seen, CancellationToken cancellationToken)
    {
        var begun = options.Time.GetTimestamp();
        using var limit = timeout is { } most ? new CancellationTokenSource(Longer(most, Grace), options.Time) : null;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit?.Token ?? default);
        JobSnapshot? known = null;
        try
        {
            while (true)
            {
                var left = timeout is { } all ? Longer(all - options.Time.GetElapsedTime(begun), TimeSpan.Zero) : LongestHold;
                if (known is { Job.Done: true } || (known is not null && left == TimeSpan.Zero)) return known;
                var next = await StepAsync(known, seen is not null, left < LongestHold ? left : LongestHold, either.Token);
                if (next is not null && !ReferenceEquals(next, known)) seen?.Invoke(next);
                known = next ?? known;
            }
        }
        catch (OperationCanceledException) when (limit is { IsCancellationRequested: true } && !cancellationToken.IsCancellationRequested)
        {
            return known;
        }
    }

    /// <summary>Reads every change until the job is done, as events.</summary>
    public async IAsyncEnumerable<JobEventResource> ChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        JobSnapshot? known = null;
        while (known is not { Job.Done: true })
        {
            if (await StepAsync(known, everyChange: true, LongestHold, cancellationToken) is not { } next) continue;
            var news = known is null || (next.ETag is null ? next.Job != known.Job : next.ETag != known.ETag);
            known = next;
            if (news) yield return new JobEventResource("job.snapshot", next.ETag?.Trim('"') ?? "", next.Job.UpdatedAt, next.Job);
        }
    }

    /// <summary>One reading, after the pause that the last one asked for; null when the server is busy or away.</summary>
    private async Task<JobSnapshot?> StepAsync(JobSnapshot? known, bool everyChange, TimeSpan hold, CancellationToken cancellationToken)
    {
        if (_pause > TimeSpan.Zero)
        {
            var pause = _pause < hold ? _pause : hold;
            _pause = TimeSpan.Zero;
            await Task.Delay(pause, options.Time, cancellationToken);
            hold -= pause;
        }

        try
        {
            var next = await wire.ReadAsync(known, everyChange, hold, cancellationToken);
            _heard = options.Time.GetTimestamp();
            _met = true;
            if (next.Job.Done || next.Held || (known is null && wire.Holds)) return next;
            if (next.ETag is null || next.ETag != known?.ETag) _pace.Reset();
            _pause = next.RetryAfter ?? _pace.Next();
            return next;
        }
        catch (ErrandApiException e) when (IsBusy(e.Status) && IsPatient(e))
        {
            _pause = e.RetryAfter ?? _pace.Next();
        }
        catch (ErrandUnreachableException) when (_met && options.Time.GetElapsedTime(_heard) < options.Patience)
        {
            _pause = _pace.Next();
        }

        return null;
    }

    // "Too many requests" is an answer of a server that lives; the others may be the last words of one that does not.
    private bool IsPatient(ErrandApiException refusal)
    {
        if (refusal.Status is HttpStatusCode.TooManyRequests) _heard = options.Time.GetTimestamp();
        return options.Time.GetElapsedTime(_heard) < options.Patience;
    }

    private static bool IsBusy(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
        or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout or HttpStatusCode.RequestTimeout;

    private static TimeSpan Longer(TimeSpan time, TimeSpan more) => (time > TimeSpan.Zero ? time : TimeSpan.Zero) + more;
}

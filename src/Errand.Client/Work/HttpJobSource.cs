using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Errand.Contracts;
using Errand.Storage;
using Errand.Work;

namespace Errand.Client.Work;

/// <summary>
/// The worker's back door over HTTP: claims jobs of one tenant from a server elsewhere, by the worker sessions of the native API. The
/// token's scope is <c>jobs.work</c>.
/// </summary>
internal sealed class HttpJobSource : IJobSource
{
    private const int SettleMost = 200;
    private const int ClaimMost = 200;

    // The server takes 32 MiB at once; what a result weighs grows a little on the wire.
    private const long SettleBytesMost = 16 * 1024 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<SessionId, RemoteSession> _sessions = new();
    private readonly SessionWire _wire;
    private long _claims;

    public HttpJobSource(HttpJobClient api)
    {
        _wire = new SessionWire(api);
        Reports = new HttpJobReports(_wire, ticket => _sessions.GetValueOrDefault(ticket.Session));
    }

    public IJobReports Reports { get; }

    private static ErrandJsonContext Wire => ErrandJsonContext.Default;

    public async ValueTask<OpenedSession> OpenAsync(SessionRequest request, ISessionListener listener, CancellationToken cancellationToken)
    {
        var body = new OpenSessionRequest { Worker = request.Worker, Types = request.Types, Queues = request.Queues, Slots = request.Slots };
        var opened = (await _wire.PostAsync(
            "worker-sessions", body, Wire.OpenSessionRequest, Wire.SessionResource, cancellationToken: cancellationToken))!;
        var session = new RemoteSession(SessionId.New(), opened.Id, listener, opened.BeatEvery);
        _sessions[session.Id] = session;
        return new OpenedSession(session.Id, opened.BeatEvery, opened.Term);
    }

    public async ValueTask<bool> BeatAsync(SessionId id, CancellationToken cancellationToken)
    {
        if (_sessions.GetValueOrDefault(id) is not { } session) return false;
        var leases = session.Leases;
        try
        {
            await BeatAsync(session, leases, cancellationToken);
            return true;
        }
        catch (ErrandApiException e) when (SessionWire.IsOver(e))
        {
            _sessions.TryRemove(id, out _);
            return false;
        }
    }

    public async ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(
        SessionId id, IReadOnlyList<QueueDemand> demands, CancellationToken cancellationToken)
    {
        if (_sessions.GetValueOrDefault(id) is not { } session) return [];
        session.Demands = demands;
        if (session.Ahead is { Count: > 0 } ahead)
        {
            session.Ahead = [];
            return ahead;
        }

        return await ClaimAsync(session, demands, TimeSpan.Zero, cancellationToken);
    }

    /// <summary>Asks for the same again and lets the server hold the request; what comes is given to the next claim.</summary>
    public async ValueTask WaitForWorkAsync(SessionId id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_sessions.GetValueOrDefault(id) is not { } session || session.Demands.Count == 0)
        {
            await Task.Delay(timeout < Pause ? timeout : Pause, _wire.Options.Time, cancellationToken);
            return;
        }

        session.Ahead = await ClaimAsync(session, session.Demands, timeout, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<bool>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        var settled = new bool[settlements.Count];
        foreach (var group in settlements.Select((settlement, index) => (settlement, index)).GroupBy(pair => pair.settlement.Ticket.Session))
        {
            if (_sessions.GetValueOrDefault(group.Key) is not { } session) continue;
            List<(SettlementRequest Request, JobTicket Ticket, int Index)> batch = [];
            long bytes = 0;
            foreach (var (settlement, index) in group)
            {
                if (session.Find(settlement.Ticket) is not { } lease) continue;
                var weight = settlement.Outcome is JobOutcome.Succeeded succeeded ? succeeded.Result.Length : 0L;
                if (batch.Count == SettleMost || (batch.Count > 0 && bytes + weight > SettleBytesMost))
                {
                    await SettleAsync(session, batch, settled, cancellationToken);
                    (batch, bytes) = ([], 0);
                }

                batch.Add((WorkMapping.Settlement(lease.Text, settlement.Outcome), settlement.Ticket, index));
                bytes += weight;
            }

            if (batch.Count > 0) await SettleAsync(session, batch, settled, cancellationToken);
        }

        return settled;
    }

    public async ValueTask CloseAsync(SessionId id, CancellationToken cancellationToken)
    {
        if (!_sessions.TryRemove(id, out var session)) return;
        await _wire.DeleteAsync(SessionWire.PathOf(session), cancellationToken);
    }

    private async Task BeatAsync(RemoteSession session, IReadOnlyCollection<Lease> leases, CancellationToken cancellationToken)
    {
        var progress = leases.Select(lease => (Lease: lease, Progress: lease.Take())).ToList();
        var body = new BeatRequest
        {
            All = true,
            Leases = [.. progress.Select(p => new LeaseReport { Lease = p.Lease.Text, Progress = WorkMapping.Progress(p.Progress) })],
        };
        try
        {
            var answer = (await _wire.PostAsync(
                SessionWire.PathOf(session, "/beat"), body, Wire.BeatRequest, Wire.BeatResource, limit: session.BeatEvery * 5,
                cancellationToken: cancellationToken))!;
            foreach (var lease in leases)
            {
                // A lost lease is told like a cancel: stop. What the handler still says is refused.
                if (answer.Cancel.Contains(lease.Text) || answer.Lost.Contains(lease.Text)) session.Cancel(lease);
            }
        }
        catch
        {
            foreach (var (lease, reported) in progress) lease.Return(reported);
            throw;
        }
    }

    private async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(
        RemoteSession session, IReadOnlyList<QueueDemand> demands, TimeSpan wait, CancellationToken cancellationToken)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        var body = new ClaimRequestBody
        {
            Demands = [.. demands.Select(demand => new DemandRequest { Queue = demand.Queue, Limit = Math.Clamp(demand.Limit, 1, ClaimMost) })],
        };
        try
        {
            var answer = await _wire.PostAsync(
                SessionWire.PathOf(session, "/claim"), body, Wire.ClaimRequestBody, Wire.ClaimResource, wait + _wire.Options.Timeout,
                seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"wait={seconds}") : null, cancellationToken);
            return answer is null ? [] : [.. answer.Jobs.Select(job => Adopt(session, job))];
        }
        catch (ErrandApiException e) when (SessionWire.IsOver(e))
        {
            // The next beat says so.
            return [];
        }
    }

    private ClaimedJob Adopt(RemoteSession session, ClaimedJobResource claimed)
    {
        var job = WorkMapping.Claimed(claimed, session.Id, Interlocked.Increment(ref _claims));
        session.Add(job.Ticket, claimed.Lease);
        return job;
    }

    private async Task SettleAsync(
        RemoteSession session, List<(SettlementRequest Request, JobTicket Ticket, int Index)> batch, bool[] settled, CancellationToken cancellationToken)
    {
        SettleResource? answer = null;
        try
        {
            var body = new SettleRequest { Settlements = [.. batch.Select(entry => entry.Request)] };
            answer = await _wire.PostAsync(
                SessionWire.PathOf(session, "/settle"), body, Wire.SettleRequest, Wire.SettleResource, cancellationToken: cancellationToken);
        }
        catch (ErrandApiException e) when (SessionWire.IsOver(e))
        {
            // Nothing of it counts any more.
        }
        catch (Exception e) when (IsPassing(e))
        {
            // Said in the worker's own words, so that it keeps the outcomes: a session that outlives the outage would hold their jobs for ever.
            throw new StorageException(StorageFault.Unavailable, e.Message, e);
        }

        for (var i = 0; i < batch.Count; i++)
        {
            settled[batch[i].Index] = answer is not null && answer.Settled[i];
            session.Remove(batch[i].Ticket);
        }
    }

    private static bool IsPassing(Exception e) => e is ErrandUnreachableException or ErrandApiException
    {
        Status: HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout,
    };
}

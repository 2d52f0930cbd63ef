using Errand.Storage;
using Errand.Work;
using Microsoft.Extensions.Logging;

namespace Errand.Worker;

/// <summary>Keeps the ready queue filled: claims while handlers run and outcomes are settled.</summary>
internal sealed partial class ClaimLoop(
    IJobSource source, ReadyQueue ready, PrefetchGauge gauge, WorkerOptions options, TimeProvider time, Random random, ILogger logger)
{
    // A wait that ends at once, again and again, with nothing to claim: the source has forgotten the session, and the beat will say so.
    private const int EmptyRoundsMax = 8;
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(5);

    private readonly DemandPlan _plan = new([.. options.Queues]);
    private readonly Backoff _backoff = new(time, random);
    private int _emptyRounds;

    /// <summary>Claims for a session until told to stop.</summary>
    public async Task RunAsync(WorkSession session, CancellationToken stop)
    {
        try
        {
            while (true) await FillAsync(session, stop);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Told to stop; also by a claim whose failure ended its session. What went wrong, the next session finds out.
        }
    }

    private async Task FillAsync(WorkSession session, CancellationToken stop)
    {
        var ahead = gauge.Ahead();
        // Half of what is held ahead is refilled at once: claims are as large as they can be while the slots never run dry.
        await ready.WaitForRoomAsync(ahead < 2 ? options.Slots + ahead - 1 : options.Slots + (ahead / 2), stop);
        try
        {
            if (!await ClaimAsync(session, options.Slots + ahead - ready.Held, stop)) await WaitAsync(session, stop);
            else _emptyRounds = 0;
            if (_backoff.Failing) LogBack();
            _backoff.Reset();
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            if (!_backoff.Failing) LogNoClaims(e);
            await _backoff.WaitAsync(stop);
        }
    }

    private async Task WaitAsync(WorkSession session, CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        await source.WaitForWorkAsync(session.Id, options.PollInterval, stop);
        _emptyRounds = time.GetElapsedTime(begun) < Breath ? _emptyRounds + 1 : 0;
        if (_emptyRounds > EmptyRoundsMax) await Task.Delay(Breath, time, stop);
    }

    /// <summary>Asks every queue once; true when there may be more at once.</summary>
    private async Task<bool> ClaimAsync(WorkSession session, int wanted, CancellationToken stop)
    {
        for (var round = _plan.Round(wanted); round > 0; round--)
        {
            session.ExpectClaims();
            IReadOnlyList<ClaimedJob> jobs = [];
            try
            {
                jobs = await source.ClaimAsync(session.Id, _plan.For(wanted), stop);
            }
            finally
            {
                ready.Add(session.Adopt(jobs));
            }

            // A source may give less than it has: only an empty answer means that there is nothing.
            if (jobs.Count > 0) return true;
        }

        return false;
    }
}

using System.Threading.Channels;
using Errand.Storage;
using Errand.Work;
using Microsoft.Extensions.Logging;

namespace Errand.Worker;

/// <summary>
/// Reports outcomes, as many at once as have gathered while the last report was written, and never waits for more. Keeps them while
/// the store is out of reach.
/// </summary>
internal sealed partial class Settler(IJobSource source, TimeProvider time, Random random, WorkerTelemetry telemetry, ILogger logger)
{
    private const int Batch = 1000;

    // Full, it makes slots wait: a store that takes no outcomes gets no new attempts either.
    private readonly Channel<Settlement> _settlements = Channel.CreateBounded<Settlement>(
        new BoundedChannelOptions(4096) { SingleReader = true });

    private readonly Backoff _backoff = new(time, random);

    public ValueTask AddAsync(Settlement settlement) =>
        _settlements.Writer.TryWrite(settlement) ? default : _settlements.Writer.WriteAsync(settlement);

    /// <summary>No outcome will be added any more.</summary>
    public void Complete() => _settlements.Writer.TryComplete();

    /// <summary>Ends when everything is reported, or when told to give up.</summary>
    public async Task RunAsync(CancellationToken giveUp)
    {
        var batch = new List<Settlement>(Batch);
        try
        {
            while (await _settlements.Reader.WaitToReadAsync(giveUp))
            {
                while (batch.Count < Batch && _settlements.Reader.TryRead(out var settlement)) batch.Add(settlement);
                await SettleAsync(batch, giveUp);
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            if (batch.Count + _settlements.Reader.Count is > 0 and var left) LogGaveUp(left);
        }
    }

    private async Task SettleAsync(List<Settlement> batch, CancellationToken giveUp)
    {
        try
        {
            NoteRefusals(batch, await TakenAsync(batch, giveUp));
        }
        catch (Exception e) when (!giveUp.IsCancellationRequested)
        {
            LogBatchFailed(e, batch.Count);
            foreach (var settlement in batch) await SettleOneAsync(settlement, giveUp);
        }
    }

    /// <summary>One outcome that the engine cannot take must not hold up its neighbours, and its job must not stay running.</summary>
    private async Task SettleOneAsync(Settlement settlement, CancellationToken giveUp)
    {
        try
        {
            NoteRefusals([settlement], await TakenAsync([settlement], giveUp));
        }
        catch (Exception e) when (!giveUp.IsCancellationRequested)
        {
            LogOutcomeUnfit(e, settlement.Ticket.Key.Id);
            var error = new JobError("outcome_not_stored", "The outcome of the attempt could not be stored.", Retryable: true, e.Message);
            try
            {
                await TakenAsync([settlement with { Outcome = new JobOutcome.Failed(error) }], giveUp);
            }
            catch (Exception again) when (!giveUp.IsCancellationRequested)
            {
                LogOutcomeDropped(again, settlement.Ticket.Key.Id);
            }
        }
    }

    /// <summary>
    /// Reports until the source has heard it, however long it is out of reach. An outcome that was let go meanwhile would be missed for ever: the session beats on as soon as the source is back, and a
    /// job of a live session is nobody else's.
    /// </summary>
    private async Task<IReadOnlyList<bool>> TakenAsync(List<Settlement> batch, CancellationToken giveUp)
    {
        while (true)
        {
            try
            {
                var results = await source.SettleAsync(batch, giveUp);
                if (_backoff.Failing) LogBack();
                _backoff.Reset();
                return results;
            }
            catch (Exception e) when (IsPassing(e) && !giveUp.IsCancellationRequested)
            {
                if (!_backoff.Failing) LogKept(e, batch.Count);
                await _backoff.WaitAsync(giveUp);
            }
        }
    }

    /// <summary>Settling twice does no harm, since the second is refused by its token: an unknown outcome is simply tried again.</summary>
    private static bool IsPassing(Exception e) => e is StorageException or HttpRequestException or TimeoutException;

    private void NoteRefusals(List<Settlement> batch, IReadOnlyList<bool> results)
    {
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i]) continue;
            telemetry.SettleRefused();
            LogRefused(batch[i].Ticket.Key.Id, batch[i].Outcome.GetType().Name);
        }
    }
}

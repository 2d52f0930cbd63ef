using Errand.Hosting;
using Errand.Signals;

namespace Errand.Transactions;

/// <summary>Wakes the sweep of transactions: there is a new one, or it is time to ask those that are open.</summary>
internal sealed class EnlistmentBell : Pulse;

/// <summary>
/// Takes over, at the start, what an earlier process had left, and then whatever the transactions of this process commit. Sleeps while none is open: without a transaction it costs nothing.
/// </summary>
internal sealed class EnlistmentSweep(EnlistedJobs jobs, EnlistmentBell bell, Alarms alarms) : ISweep
{
    public string Name => "transactions";

    /// <summary>The pause after a failure; without one a round does not end.</summary>
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        if (jobs.Store is null)
        {
            await bell.WaitAsync(cancellationToken);
            return;
        }

        await jobs.TakeOverAsync(cancellationToken);
        while (true)
        {
            if (await jobs.LookAsync(cancellationToken) is { } rest) alarms.Arm(bell, rest);
            await bell.WaitAsync(cancellationToken);
        }
    }
}

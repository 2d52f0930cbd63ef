using Errand.Hosting;
using Errand.Storage;
using Errand.Work;

namespace Errand.Sessions;

/// <summary>
/// Looks after the suspects that are believed to run. Where the answer to a write was lost, nobody has said that a suspect left; without
/// this no other one would ever start.
/// </summary>
internal sealed class SuspectSweep(IJobStorage storage, SuspectGate suspects, LiveSessions sessions) : ISweep
{
    public string Name => "suspects";

    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var ticket in suspects.Running())
        {
            var found = await storage.Jobs.FindAsync(ticket.Key, JobParts.Status, cancellationToken);
            var runs = found.Job is { } job && job.Head.State.IsClaimed() && job.Head.Token == ticket.Token;
            if (!runs && suspects.Leave(ticket)) sessions.WakeAll();
        }
    }
}

using Errand.Hosting;
using Errand.Lifecycle;
using Errand.Storage;

namespace Errand.Sessions;

/// <summary>Ends waiting jobs at their deadline, and asks running ones to stop.</summary>
internal sealed class DeadlineSweep(IJobStorage storage, JobWriter writer, TimeProvider time) : ISweep
{
    private const int SliceMin = 500;
    private const int SliceMax = 100_000;

    private int _slice = SliceMin;

    public string Name => "deadlines";

    public TimeSpan Every => TimeSpan.FromSeconds(1);

    /// <summary>Jobs that are asked to stop already come back in the list; when they fill it, it is made longer.</summary>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var late = await storage.Queue.ListPastDeadlineAsync(time.GetUtcNow(), _slice, cancellationToken);
            var open = late.Where(head => head.State != JobState.Canceling).ToList();
            if (open.Count > 0) await EndAsync(open, cancellationToken);
            var full = late.Count == _slice;
            _slice = full && open.Count == 0 ? Math.Min(SliceMax, _slice * 2) : full ? _slice : SliceMin;
            if (!full || open.Count == 0) return;
        }
    }

    private async ValueTask EndAsync(List<JobHead> heads, CancellationToken cancellationToken)
    {
        List<(Job, JobCommand)> commands = [];
        foreach (var head in heads)
        {
            var found = await storage.Jobs.FindAsync(head.Key, JobParts.Status, cancellationToken);
            if (found.Job is { } job) commands.Add((job, new JobCommand.PassDeadline()));
        }

        await writer.WriteAllAsync(commands, cancellationToken);
    }
}

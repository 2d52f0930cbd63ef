using Errand.Work;

namespace Errand.Worker;

/// <summary>Shares the wanted jobs out to the queues in turn, so that what is claimed in all is never more than what is wanted.</summary>
internal sealed class DemandPlan(IReadOnlyList<string> queues)
{
    private const string EveryQueue = "*";

    private readonly string[] _queues = queues.Count is 0 ? [EveryQueue] : [.. queues];
    private int _next;

    /// <summary>How many demands it takes to have asked every queue.</summary>
    public int Round(int wanted) => (_queues.Length + Math.Min(wanted, _queues.Length) - 1) / Math.Min(wanted, _queues.Length);

    public IReadOnlyList<QueueDemand> For(int wanted)
    {
        var demands = new QueueDemand[Math.Min(wanted, _queues.Length)];
        for (var i = 0; i < demands.Length; i++)
        {
            var share = (wanted / demands.Length) + (i < wanted % demands.Length ? 1 : 0);
            demands[i] = new QueueDemand(_queues[(_next + i) % _queues.Length], share);
        }

        _next = (_next + demands.Length) % _queues.Length;
        return demands;
    }
}

namespace Errand.Work;

/// <summary>
/// Jobs that lost a worker before run one at a time: whichever of them brings its worker down again brings down nothing else, and after
/// three times it is known by name.
/// </summary>
internal sealed class SuspectGate
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, JobTicket> _running = [];
    private bool _asking;
    private bool _refused;

    /// <summary>Whether the claim that is about to be made may take a suspect: 1 or 0. <see cref="Asked"/> must follow a 1.</summary>
    public int Ask()
    {
        lock (_gate)
        {
            _refused |= _asking;
            if (_asking || _running.Count > 0) return 0;
            _asking = true;
            return 1;
        }
    }

    /// <summary>
    /// What the claim has given. True when it took no suspect and another claim was refused one meanwhile: that one should ask again.
    /// </summary>
    public bool Asked(IEnumerable<JobHead> suspects)
    {
        lock (_gate)
        {
            foreach (var suspect in suspects) _running[suspect.Sequence] = suspect.Ticket;
            var again = _refused && _running.Count == 0;
            _asking = _refused = false;
            return again;
        }
    }

    /// <summary>Whether another suspect holds the gate.</summary>
    public bool IsTaken(JobHead job)
    {
        lock (_gate) return _running.Count > 0 && !_running.ContainsKey(job.Sequence);
    }

    /// <summary>The suspect is settled or lost again. True when the next one may start.</summary>
    public bool Leave(JobTicket suspect)
    {
        lock (_gate)
        {
            return _running.TryGetValue(suspect.Sequence, out var running) && running.Token == suspect.Token
                && _running.Remove(suspect.Sequence) && _running.Count == 0;
        }
    }

    /// <summary>The suspects that are believed to run.</summary>
    public JobTicket[] Running()
    {
        lock (_gate) return [.. _running.Values];
    }
}

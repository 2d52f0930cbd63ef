namespace Errand.Conformance.Model;

/// <summary>Jobs, and the workers that claim them, without time, bytes and threads.</summary>
internal sealed record ModelState(Values<ModelJob> Jobs, Values<ModelWorker> Workers)
{
    public static ModelState Of(int jobs, int workers) => new(
        new Values<ModelJob>([.. Enumerable.Repeat(ModelJob.Absent, jobs)]),
        new Values<ModelWorker>([.. Enumerable.Repeat(new ModelWorker(false, new Values<int>(new int[jobs])), workers)]));

    /// <summary>Whether the word of this worker about this job counts: it holds the latest claim, and nobody has taken the job from it.</summary>
    public bool Counts(int worker, int job) => Workers[worker].Held[job] == Jobs[job].Claims && Jobs[job].IsClaimed;

    public ModelState WithJob(int job, ModelJob value) => this with { Jobs = Jobs.With(job, value) };

    public ModelState WithWorker(int worker, ModelWorker value) => this with { Workers = Workers.With(worker, value) };

    public override string ToString() => $"{Jobs} | {Workers}";
}

/// <summary>A job.</summary>
/// <param name="State">Null before it is submitted.</param>
/// <param name="Acknowledged">Its client was told of it.</param>
/// <param name="Claims">How often it was claimed; the number of the claim stands for its token.</param>
/// <param name="Owner">The worker whose session has it; -1 when none has, or when that session is over.</param>
/// <param name="Losses">How many workers it lost.</param>
internal sealed record ModelJob(JobState? State, bool Acknowledged, int Claims, int Owner, int Losses)
{
    public static ModelJob Absent { get; } = new(null, Acknowledged: false, Claims: 0, Nobody, Losses: 0);

    public const int Nobody = -1;

    public bool IsThere => State is not null;

    public bool IsClaimed => State is JobState.Running or JobState.Canceling;

    public bool IsOver => State is JobState.Succeeded or JobState.Failed or JobState.Canceled;

    /// <summary>Claimed by a session that is over.</summary>
    public bool IsOrphan => IsClaimed && Owner == Nobody;

    public ModelJob End(JobState state) => this with { State = state, Owner = Nobody };

    public override string ToString() =>
        State is null ? "–" : $"{State}{(Acknowledged ? "" : "?")}#{Claims}{(Owner == Nobody ? "" : $"@{Owner}")}{(Losses == 0 ? "" : $" lost {Losses}")}";
}

/// <summary>A worker.</summary>
/// <param name="Open">It has a session.</param>
/// <param name="Held">For each job the claim that it believes to hold; 0 for none. It may be wrong: that is what makes it a zombie.</param>
internal sealed record ModelWorker(bool Open, Values<int> Held)
{
    public ModelWorker Hold(int job, int claim) => this with { Held = Held.With(job, claim) };

    public override string ToString() => $"[{(Open ? "open" : "–")} {Held}]";
}

using CsCheck;

namespace Errand.Conformance.Model;

/// <summary>
/// What jobs may do, as a machine that can be explored to its last state: submit, replay, claim, heartbeat, report, settle, cancel, the end of a session, recovery.
/// The promises are its requirements; the faults are ways to break them, each of which a requirement must find.
/// </summary>
internal static class JobModel
{
    public const string Submit = "submit";
    public const string SubmitUnanswered = "submit, answer lost";
    public const string Replay = "replay";
    public const string Open = "open";
    public const string Beat = "beat";
    public const string Expire = "session ends";
    public const string Recover = "recover";
    public const string Claim = "claim";
    public const string Report = "report";
    public const string Succeed = "settle: success";
    public const string Fail = "settle: failure";
    public const string Cancel = "cancel";
    public const string Crash = "crash";

    /// <summary>A job that loses this many workers is parked.</summary>
    public const int LossesMax = 3;

    /// <summary>Builds it for so many jobs and workers.</summary>
    /// <param name="jobs">How many jobs there are at most.</param>
    /// <param name="workers">How many workers there are.</param>
    /// <param name="claimsMax">A job that was claimed so often is followed no further.</param>
    /// <param name="crashes">Whether the store crashes; what was committed must all be there, so the model does not move.</param>
    public static Spec<ModelState> Of(int jobs, int workers, int claimsMax, bool crashes = false)
    {
        int[] allJobs = [.. Enumerable.Range(0, jobs)], allWorkers = [.. Enumerable.Range(0, workers)];
        var spec = Spec.From(ModelState.Of(jobs, workers)).Boundary(now => now.Jobs.All(job => job.Claims <= claimsMax));
        AddClients(spec, allJobs);
        AddWorkers(spec, allWorkers, Pairs(workers, jobs));
        spec.Action(Recover, allJobs, (now, j) => now.Jobs[j].IsOrphan, Recovered, weight: 6);
        if (crashes) spec.Action(Crash, now => now, weight: 1);
        AddPromises(spec, allJobs);
        AddFaults(spec);
        return spec;
    }

    /// <summary>The arguments of the actions of a worker on a job, in the order of <see cref="Transition{S}.ArgIndex"/>.</summary>
    public static (int Worker, int Job)[] Pairs(int workers, int jobs) =>
        [.. from worker in Enumerable.Range(0, workers) from job in Enumerable.Range(0, jobs) select (worker, job)];

    /// <summary>The job that a claim gives: the first that was submitted and waits.</summary>
    public static int? FirstWaiting(ModelState now)
    {
        for (var j = 0; j < now.Jobs.Count; j++)
        {
            if (now.Jobs[j].State is JobState.Queued) return j;
        }

        return null;
    }

    private static void AddClients(Spec<ModelState> spec, int[] jobs)
    {
        // Jobs are alike: the first is submitted first.
        bool IsNext(ModelState now, int j) => !now.Jobs[j].IsThere && (j == 0 || now.Jobs[j - 1].IsThere);
        spec.Action(Submit, jobs, IsNext, (now, j) => now.WithJob(j, ModelJob.Absent with { State = JobState.Queued, Acknowledged = true }), weight: 3);
        spec.Action(SubmitUnanswered, jobs, IsNext, (now, j) => now.WithJob(j, ModelJob.Absent with { State = JobState.Queued }));
        spec.Action(Replay, jobs, (now, j) => now.Jobs[j].IsThere, (now, j) => now.WithJob(j, now.Jobs[j] with { Acknowledged = true }));
        spec.Action(Cancel, jobs, (now, j) => now.Jobs[j].IsThere, (now, j) => now.Jobs[j].State switch
        {
            JobState.Queued => now.WithJob(j, now.Jobs[j].End(JobState.Canceled)),
            JobState.Running => now.WithJob(j, now.Jobs[j] with { State = JobState.Canceling }),
            _ => now,
        });
    }

    private static void AddWorkers(Spec<ModelState> spec, int[] workers, (int Worker, int Job)[] pairs)
    {
        spec.Action(Open, workers, (now, w) => !now.Workers[w].Open, (now, w) => now.WithWorker(w, now.Workers[w] with { Open = true }), weight: 4);
        spec.Action(Beat, workers, (now, w) => now.Workers[w].Open, (now, _) => now);
        spec.Action(Expire, workers, (now, w) => now.Workers[w].Open, (now, w) =>
            now.WithWorker(w, now.Workers[w] with { Open = false }) with { Jobs = now.Jobs.Map(job => job.Owner == w ? job with { Owner = ModelJob.Nobody } : job) }, weight: 2);
        spec.Action(Claim, workers, (now, w) => now.Workers[w].Open, Claimed, weight: 6);
        bool Holds(ModelState now, (int Worker, int Job) pair) => now.Workers[pair.Worker].Held[pair.Job] > 0;
        spec.Action(Report, pairs, Holds, (now, p) => now.Counts(p.Worker, p.Job) ? now : Forget(now, p));
        spec.Action(Succeed, pairs, Holds, (now, p) => Settled(now, p, job => job.End(JobState.Succeeded)));
        spec.Action(Fail, pairs, Holds, (now, p) => Settled(now, p, job =>
            job.State is JobState.Canceling ? job.End(JobState.Canceled) : job with { State = JobState.Queued, Owner = ModelJob.Nobody }));
    }

    private static void AddPromises(Spec<ModelState> spec, int[] jobs)
    {
        spec.Invariant("kept", "What was acknowledged is never lost.", now => now.Jobs.All(job => job.IsThere || !job.Acknowledged));
        spec.Never("never back", "What is stored stays.", (before, now) => jobs.Any(j => before.Jobs[j].IsThere && !now.Jobs[j].IsThere));
        spec.Invariant("one lease", "A job has at most one live owner, and that is who holds its latest claim.", now => jobs.All(j =>
            now.Jobs[j].Owner == ModelJob.Nobody || (now.Jobs[j].IsClaimed && now.Workers[now.Jobs[j].Owner] is { Open: true } owner && owner.Held[j] == now.Jobs[j].Claims)));
        spec.Invariant("own claims", "No two workers hold the same claim.", now => jobs.All(j => now.Workers.Select(worker => worker.Held[j]).Where(claim => claim > 0).CountBy(claim => claim).All(claim => claim.Value == 1)));
        spec.Never("terminal", "Terminal is for ever.", (before, now) => jobs.Any(j => before.Jobs[j].IsOver && before.Jobs[j].State != now.Jobs[j].State));
        spec.Never("tokens grow", "A token is never given again.", (before, now) => jobs.Any(j => now.Jobs[j].Claims < before.Jobs[j].Claims));
        spec.Rule("fenced", "Whatever a worker settles after its claim is over is refused.", Succeed, (before, now) => Stale(before, now).Any(), (before, now) => before.Jobs.Equals(now.Jobs));
        spec.Rule("canceled", "A cancel that was acknowledged holds.", (before, now) => jobs.Any(j => before.Jobs[j].State is JobState.Canceling),
            (before, now) => jobs.All(j => before.Jobs[j].State is not JobState.Canceling || now.Jobs[j].State is JobState.Canceling || now.Jobs[j].IsOver));
        spec.Rule("beats move nothing", "A beat keeps a session and does nothing else.", Beat, (before, now) => before == now);
        spec.Reachable("ends well", "A job can succeed.", now => now.Jobs.Any(job => job.State is JobState.Succeeded));
        spec.Reachable("parked", "A job that loses its workers is parked.", now => now.Jobs.Any(job => job.State is JobState.Failed));
        spec.Reachable("zombies", "A worker can hold a claim that is over, while another has the job.", now => jobs.Any(j =>
            now.Jobs[j].Owner != ModelJob.Nobody && now.Workers.Any(worker => worker.Held[j] > 0 && worker.Held[j] < now.Jobs[j].Claims)));
    }

    /// <summary>The broken variants. A fault that no requirement finds would mean that a promise is missing above.</summary>
    private static void AddFaults(Spec<ModelState> spec)
    {
        spec.Fault("no fencing", Succeed, (before, now) => Stale(before, now).Any(), (before, now) =>
        {
            var (_, job) = Stale(before, now).First();
            return now.WithJob(job, before.Jobs[job].End(JobState.Succeeded));
        });
        spec.Fault("acknowledged before it is stored", Submit, (before, now) =>
        {
            var job = FirstDifference(before, now);
            return now.WithJob(job, ModelJob.Absent with { Acknowledged = true });
        });
        spec.Fault("a claim gives what another has", Claim, (before, now) => before == now && before.Jobs.Any(job => job.Owner != ModelJob.Nobody), (_, now) =>
        {
            var worker = now.Workers.ToList().FindIndex(one => one.Open);
            var job = now.Jobs.ToList().FindIndex(one => one.Owner != ModelJob.Nobody);
            return now.WithWorker(worker, now.Workers[worker].Hold(job, now.Jobs[job].Claims)).WithJob(job, now.Jobs[job] with { Owner = worker });
        });
        spec.Fault("a cancel revives", Cancel, (before, now) => before.Jobs.Any(job => job.IsOver), (_, now) =>
        {
            var job = now.Jobs.ToList().FindIndex(one => one.IsOver);
            return now.WithJob(job, now.Jobs[job] with { State = JobState.Queued });
        });
        spec.Fault("recovery forgets the cancel", Recover, (before, now) => before.Jobs.Any(job => job.State is JobState.Canceling) && now.Jobs.Any(job => job.State is JobState.Canceled), (before, now) =>
        {
            var job = before.Jobs.ToList().FindIndex(one => one.State is JobState.Canceling);
            return now.WithJob(job, now.Jobs[job] with { State = JobState.Queued });
        });
        spec.Fault("recovery begins the tokens anew", Recover, (before, now) => now.Jobs.Any(job => job is { State: JobState.Queued, Claims: > 0 }), (_, now) =>
        {
            var job = now.Jobs.ToList().FindIndex(one => one is { State: JobState.Queued, Claims: > 0 });
            return now.WithJob(job, now.Jobs[job] with { Claims = 0 });
        });
    }

    private static ModelState Claimed(ModelState now, int worker)
    {
        if (FirstWaiting(now) is not { } job) return now;
        var claimed = now.Jobs[job] with { State = JobState.Running, Claims = now.Jobs[job].Claims + 1, Owner = worker };
        return now.WithJob(job, claimed).WithWorker(worker, now.Workers[worker].Hold(job, claimed.Claims));
    }

    private static ModelState Settled(ModelState now, (int Worker, int Job) pair, Func<ModelJob, ModelJob> settle) =>
        Forget(now.Counts(pair.Worker, pair.Job) ? now.WithJob(pair.Job, settle(now.Jobs[pair.Job])) : now, pair);

    private static ModelState Recovered(ModelState now, int job)
    {
        var lost = now.Jobs[job] with { Losses = now.Jobs[job].Losses + 1 };
        return now.WithJob(job, lost.State is JobState.Canceling ? lost.End(JobState.Canceled)
            : lost.Losses == LossesMax ? lost.End(JobState.Failed) : lost with { State = JobState.Queued, Owner = ModelJob.Nobody });
    }

    private static ModelState Forget(ModelState now, (int Worker, int Job) pair) => now.WithWorker(pair.Worker, now.Workers[pair.Worker].Hold(pair.Job, 0));

    /// <summary>The worker and the job of a settle whose claim was over.</summary>
    private static IEnumerable<(int Worker, int Job)> Stale(ModelState before, ModelState now) =>
        Pairs(before.Workers.Count, before.Jobs.Count).Where(p =>
            before.Workers[p.Worker].Held[p.Job] > 0 && now.Workers[p.Worker].Held[p.Job] == 0 && !before.Counts(p.Worker, p.Job));

    private static int FirstDifference(ModelState before, ModelState now) => Enumerable.Range(0, now.Jobs.Count).First(j => before.Jobs[j] != now.Jobs[j]);
}

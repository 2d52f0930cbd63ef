using System.Collections.Concurrent;
using Errand.Work;

namespace Errand.Testing.Stage;

/// <summary>
/// The jobs of one vendor's stand-in and their courses. A job moves when somebody looks: each poll takes it one step on, and whatever its time has come for happens before anyone sees it. Its
/// steps are real claims, reports and settles of the engine; between them it sleeps, so that no clock that a test moves can take it away from a worker.
/// </summary>
internal sealed class Play(string vendor, IJobSource source, IJobClients clients, TimeProvider time)
{
    private readonly ConcurrentDictionary<JobKey, Course> courses = new();
    private readonly CourseHand hand = new(source, clients, time);

    public string Vendor => vendor;

    public ScriptQueue Scripts { get; } = new();

    /// <summary>Ids of the vendor's own.</summary>
    public VendorIds Ids { get; } = new();

    /// <summary>Courses that are not over, oldest first.</summary>
    public IReadOnlyList<Course> Live => [.. courses.Values.Where(course => course.Phase is CoursePhase.Queued or CoursePhase.Working)];

    /// <summary>Every course whose job the vendor still knows.</summary>
    public IReadOnlyList<Course> Known => [.. courses.Values.Where(course => course.Phase is not CoursePhase.Gone)];

    /// <summary>The course of a job; one that a process before this one began goes on with the default.</summary>
    public async ValueTask<Course?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var job)) return null;
        if (courses.TryGetValue(new JobKey(tenant, job), out var known)) return known;
        var found = await clients.For(JobCaller.System(tenant)).FindAsync(job, cancellationToken: cancellationToken);
        if (found.Job is not { Head.State: JobState.Queued } left || !left.Head.Queue.StartsWith(vendor + ".", StringComparison.Ordinal)) return null;
        return Adopt(left, VendorScript.Default);
    }

    /// <summary>Gives a job that was there before this process a course; one that has one keeps it.</summary>
    public Course Adopt(Job job, VendorScript script) => courses.GetOrAdd(job.Head.Key, _ => new Course(script, job, job.Head.Queue, time.GetUtcNow())
    {
        Asleep = job.Head.Attempt > 0,
        Reported = (int)(job.Items?.Completed ?? 0),
    });

    /// <summary>Gives a job that was just begun its course.</summary>
    public void Begin(Job job, string queue) => courses[job.Head.Key] = new Course(Scripts.Take(), job, queue, time.GetUtcNow());

    /// <summary>Takes a job one poll on.</summary>
    public async Task PollAsync(Course course, CancellationToken cancellationToken)
    {
        await course.Turn.WaitAsync(cancellationToken);
        try
        {
            await MoveAsync(course);
            course.Polls++;
        }
        finally
        {
            course.Turn.Release();
        }
    }

    /// <summary>Does what the time has come for, of every job.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        foreach (var course in courses.Values)
        {
            var now = time.GetUtcNow();
            if (!course.Begins(now) && !course.Ends(now) && !course.Goes(now)) continue;
            await course.Turn.WaitAsync(cancellationToken);
            try
            {
                await MoveAsync(course);
            }
            finally
            {
                course.Turn.Release();
            }
        }
    }

    // Not given up halfway: what a step reports must fit what the course remembers.
    private async Task MoveAsync(Course course)
    {
        var now = time.GetUtcNow();
        if (course.Begins(now)) course.Begin(now);
        if (course.Phase is CoursePhase.Working && !course.Ends(now) && course.ItemsDue(now) is var due && (!course.Asleep || due > course.Reported)) await hand.StepAsync(course, due);
        if (course.Ends(now))
        {
            await hand.FinishAsync(course);
            course.End(now);
        }

        if (!course.Goes(now)) return;
        await hand.PurgeAsync(course);
        course.Go();
    }
}

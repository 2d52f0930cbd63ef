namespace Errand.Clients;

/// <summary>What a caller may see: the one place where it is decided.</summary>
internal static class JobView
{
    public static bool Sees(this JobCaller caller, string tenant, string owner) =>
        caller.Tenant == tenant && (caller.SeesAll || caller.Subject == owner);

    /// <summary>The job without exception texts, unless the caller is an administrator.</summary>
    public static Job For(this Job job, JobCaller caller) => caller.IsAdmin ? job : job.Plain();

    /// <summary>The job without exception texts.</summary>
    public static Job Plain(this Job job)
    {
        if (job.Head.Error?.Detail is not null) job = job with { Head = job.Head with { Error = Plain(job.Head.Error) } };
        return job.Attempts is { } attempts && attempts.Any(attempt => attempt.Error?.Detail is not null)
            ? job with { Attempts = attempts.Select(attempt => attempt with { Error = Plain(attempt.Error) }).ToList() }
            : job;
    }

    /// <summary>As <see cref="For(Job, JobCaller)"/>, for an item.</summary>
    public static JobItem For(this JobItem item, JobCaller caller) =>
        caller.IsAdmin || item.Error?.Detail is null ? item : item with { Error = Plain(item.Error) };

    private static JobError? Plain(JobError? error) => error is null ? null : error with { Detail = null };
}

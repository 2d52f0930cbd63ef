using System.Globalization;
using System.Reflection;

namespace Errand.Worker;

/// <summary>Reads the declaration that a handler class carries.</summary>
internal static class DeclaredType
{
    public static JobType Of(Type handler)
    {
        var job = handler.GetCustomAttribute<JobAttribute>() ?? throw new InvalidOperationException(
            $"{handler.Name} does not say which type it runs. Put [Job(\"report.export\")] on the class, or call AddHandler with a JobType.");
        return Check(new JobType
        {
            Name = job.Name,
            Aliases = job.Aliases,
            Queue = job.Queue,
            MaxAttempts = job.MaxAttempts,
            Timeout = Timeout(job, handler),
            InputVersion = job.InputVersion,
        });
    }

    /// <exception cref="InvalidOperationException">A name has the wrong shape.</exception>
    public static JobType Check(JobType type)
    {
        foreach (var name in (string[])[type.Name, .. type.Aliases])
        {
            if (!JobNames.IsTypeOrQueue(name))
                throw new InvalidOperationException($"'{name}' cannot name a job type: [a-z][a-z0-9._-]{{0,127}} is expected, as in 'report.export'.");
        }

        if (!JobNames.IsTypeOrQueue(type.Queue))
            throw new InvalidOperationException($"The queue '{type.Queue}' of '{type.Name}' has the wrong shape: [a-z][a-z0-9._-]{{0,127}} is expected.");
        if (type.MaxAttempts is < 1 or > 100)
            throw new InvalidOperationException($"MaxAttempts of '{type.Name}' is {type.MaxAttempts}: 1 to 100 is expected.");
        return type;
    }

    private static TimeSpan? Timeout(JobAttribute job, Type handler)
    {
        if (job.Timeout is null) return null;
        return TimeSpan.TryParse(job.Timeout, CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero
            ? timeout
            : throw new InvalidOperationException(
                $"Timeout = \"{job.Timeout}\" on {handler.Name} is not a time over zero. Write it as \"00:10:00\" for ten minutes.");
    }
}

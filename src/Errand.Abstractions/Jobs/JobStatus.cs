namespace Errand;

/// <summary>What a store keeps. <see cref="JobStatus.Scheduled"/> is not among them: it is <see cref="Queued"/> with a later due time.</summary>
public enum JobState
{
    /// <summary>Waits for its due time or for a worker.</summary>
    Queued = 0,

    /// <summary>Claimed by a worker session.</summary>
    Running = 1,

    /// <summary>Claimed, and asked to stop. May still end in any terminal state.</summary>
    Canceling = 2,

    /// <summary>Ended well. For ever.</summary>
    Succeeded = 3,

    /// <summary>Ended with an error. For ever.</summary>
    Failed = 4,

    /// <summary>Ended by a cancel. For ever.</summary>
    Canceled = 5,
}

/// <summary>What a reader is shown; the wire words are the lower-case names.</summary>
public enum JobStatus
{
    /// <summary>Waits for a time: a delay, or the back-off after a failed attempt.</summary>
    Scheduled,

    /// <summary>Due, and waits for a worker.</summary>
    Queued,

    /// <summary>Claimed by a worker session.</summary>
    Running,

    /// <summary>Running, and asked to stop.</summary>
    Canceling,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Ended with an error.</summary>
    Failed,

    /// <summary>Ended by a cancel.</summary>
    Canceled,
}

/// <summary>The words of <see cref="JobStatus"/> and what follows from a state.</summary>
public static class JobStates
{
    /// <summary>True for the three states that never change again.</summary>
    public static bool IsTerminal(this JobState state) => state >= JobState.Succeeded;

    /// <summary>True while a worker session owns the job.</summary>
    public static bool IsClaimed(this JobState state) => state is JobState.Running or JobState.Canceling;

    /// <summary>The wire word of a status: <c>scheduled</c>, <c>queued</c>, <c>running</c>, <c>canceling</c>, <c>succeeded</c>, <c>failed</c>, <c>canceled</c>.</summary>
    public static string Word(this JobStatus status) => status switch
    {
        JobStatus.Scheduled => "scheduled",
        JobStatus.Queued => "queued",
        JobStatus.Running => "running",
        JobStatus.Canceling => "canceling",
        JobStatus.Succeeded => "succeeded",
        JobStatus.Failed => "failed",
        _ => "canceled",
    };

    /// <summary>Reads a wire word; upper case and unknown words are refused.</summary>
    public static bool TryParse(string word, out JobStatus status)
    {
        foreach (var candidate in Enum.GetValues<JobStatus>())
        {
            if (candidate.Word() == word)
            {
                status = candidate;
                return true;
            }
        }

        status = default;
        return false;
    }
}

namespace Errand.Storage.Memory;

/// <summary>Everything the store holds of one job. Guarded by the database's lock.</summary>
internal sealed class JobRow(JobHead head, JobDetails details, JobInput input)
{
    /// <summary>The head. Change it only through <see cref="MemoryDatabase.Change"/>: the indexes are ordered by its members.</summary>
    public JobHead Head { get; set; } = head;

    public JobDetails Details { get; set; } = details;

    public JobInput Input { get; } = input;

    public JobResult? Result { get; set; }

    public JobProgress? Progress { get; set; }

    public List<JobAttempt> Attempts { get; } = [];

    public MessageLog Messages { get; } = new();

    public ItemTable Items { get; } = new();

    public List<JobOutput> Outputs { get; } = [];

    /// <summary>Whether what a worker reports with this ticket still counts.</summary>
    public bool IsHeldBy(JobTicket ticket) => Head.State.IsClaimed() && Head.Token == ticket.Token;

    public Job Read(JobParts parts) => new()
    {
        Head = Head,
        Details = Details,
        Progress = Progress,
        Items = Items.Counts is { Completed: > 0 } counts ? counts : null,
        Result = parts.HasFlag(JobParts.Result) ? Result : Result is null ? null : Result with { Body = default },
        Input = parts.HasFlag(JobParts.Input) ? Input : null,
        Attempts = parts.HasFlag(JobParts.Attempts) ? [.. Attempts] : null,
    };
}

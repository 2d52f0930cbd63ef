namespace Errand.Cli;

/// <summary>What the process ends with. Scripts rely on these: a number never changes its meaning.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Unexpected = 1;
    public const int Usage = 2;
    public const int JobFailed = 3;
    public const int NotAllowed = 4;
    public const int NotFound = 5;
    public const int Conflict = 6;
    public const int ItemsFailed = 7;
    public const int Canceled = 8;
    public const int Unreachable = 9;
    public const int TimedOut = 124;
    public const int Interrupted = 130;

    /// <summary>The table that <c>errand help exit-codes</c> prints.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Ok, "it worked; the job succeeded"),
        (Unexpected, "something unexpected went wrong"),
        (Usage, "the command line, a file or the configuration is wrong"),
        (JobFailed, "the job failed"),
        (NotAllowed, "not authenticated, or not allowed"),
        (NotFound, "there is no such job, type, queue or token, or you may not see it"),
        (Conflict, "it conflicts with what is already there"),
        (ItemsFailed, "the job finished, and some of its items failed"),
        (Canceled, "the job was canceled, or it expired"),
        (Unreachable, "the server cannot be reached or cannot serve now"),
        (TimedOut, "the time to wait is over; the job goes on"),
        (Interrupted, "interrupted by Ctrl+C; the job goes on"),
    ];
}

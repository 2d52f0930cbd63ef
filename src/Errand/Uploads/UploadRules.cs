using Errand.Submits;

namespace Errand.Uploads;

/// <summary>The bounds of an upload, and how a mistake in one is told.</summary>
internal static class UploadRules
{
    public const long SizeMax = 1L << 30;
    public const int ItemsMax = 1_000_000;

    /// <summary>One item, as sent: what is held in memory of a file at any time.</summary>
    public const int ItemMax = 1 << 20;

    /// <summary>How long an upload waits to be named by a job.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    public static JobProblemException Wrong(long line, string detail) => Wrong($"Line {line}: {detail}");

    public static JobProblemException Wrong(string detail) => new(SubmitChecks.Invalid([new JobFieldError("#", detail)]));

    public static JobProblemException TooManyItems() => new(
        JobProblems.PayloadTooLarge, $"An upload holds at most {ItemsMax:N0} items. Split it, and submit a job for each part.");

    public static JobProblemException TooLarge() =>
        new(JobProblems.PayloadTooLarge, "An upload has at most 1 GiB. Split it, and submit a job for each part.");
}

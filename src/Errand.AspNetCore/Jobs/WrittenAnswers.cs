using System.Globalization;

namespace Errand.AspNetCore;

/// <summary>
/// Answers about jobs, written once and sent to everyone who asks again. While a job does not change, the store may hand out the same object for it, and the engine has decided by then that this
/// caller sees it: here only the writing is spared, never the check. Bounded: a place is taken over by whoever comes next.
/// </summary>
internal sealed class WrittenAnswers
{
    private const int Places = 1_024;

    /// <summary>Larger bodies cost more to hold than to write.</summary>
    private const int BodyMax = 8 * 1_024;

    private readonly WrittenAnswer?[] places = new WrittenAnswer?[Places];

    /// <summary>The word for a waiting job changes by time alone, those for all others only with the object.</summary>
    public static bool Suits(Job job) => job.Head.State != JobState.Queued;

    /// <summary>The answer about this object at this address, if it was written.</summary>
    public WrittenAnswer? Find(Job job, string root) =>
        Volatile.Read(ref places[PlaceOf(job)]) is { } answer && ReferenceEquals(answer.Job, job) && answer.Root == root && answer.ETag.Length > 0 ? answer : null;

    /// <summary>Keeps the answer if the job was asked about before: most are asked about once and then have changed.</summary>
    public void Offer(Job job, string root, string etag, ReadOnlySpan<byte> body)
    {
        ref var place = ref places[PlaceOf(job)];
        var seen = Volatile.Read(ref place) is { } last && ReferenceEquals(last.Job, job);
        if (body.Length > BodyMax) return;
        Volatile.Write(ref place, seen ? new WrittenAnswer(job, root, etag, SunsetOf(job), body.ToArray()) : new WrittenAnswer(job, root, "", null, []));
    }

    /// <summary>When a finished job will be gone, for the header.</summary>
    public static string? SunsetOf(Job job) =>
        job.Head is { ExpiresAt: { } end } head && head.State.IsTerminal() ? end.UtcDateTime.ToString("R", CultureInfo.InvariantCulture) : null;

    private static int PlaceOf(Job job) => job.Head.Id.GetHashCode() & (Places - 1);
}

/// <summary>What is sent about a job. The same object has the same revision, so none of this changes.</summary>
internal sealed record WrittenAnswer(Job Job, string Root, string ETag, string? Sunset, byte[] Body);

namespace Errand.AspNetCore;

/// <summary>
/// Answers about finished jobs, written once and sent to everyone who asks again. The engine hands out the same object while it holds a finished job in memory, after it has decided that this
/// caller sees it: here only the writing is spared, never the check. Bounded: a place is taken over by whoever comes next.
/// </summary>
internal sealed class FinishedAnswers
{
    private const int Places = 1_024;

    /// <summary>Larger bodies cost more to hold than to write.</summary>
    private const int BodyMax = 8 * 1_024;

    private readonly FinishedAnswer?[] places = new FinishedAnswer?[Places];

    /// <summary>The answer about this object at this address, if it was written.</summary>
    public FinishedAnswer? Find(Job job, string root) =>
        Volatile.Read(ref places[PlaceOf(job)]) is { } answer && ReferenceEquals(answer.Job, job) && answer.Root == root && answer.ETag.Length > 0 ? answer : null;

    /// <summary>Keeps the answer if the job was asked about before: most are asked about only once when they are finished.</summary>
    public void Offer(Job job, string root, string etag, string? sunset, ReadOnlySpan<byte> body)
    {
        ref var place = ref places[PlaceOf(job)];
        var seen = Volatile.Read(ref place) is { } last && ReferenceEquals(last.Job, job);
        if (body.Length > BodyMax) return;
        Volatile.Write(ref place, seen ? new FinishedAnswer(job, root, etag, sunset, body.ToArray()) : new FinishedAnswer(job, root, "", null, []));
    }

    private static int PlaceOf(Job job) => job.Head.Id.GetHashCode() & (Places - 1);
}

/// <summary>What is sent about a finished job. The revision of a finished job never changes, so neither does any of this.</summary>
internal sealed record FinishedAnswer(Job Job, string Root, string ETag, string? Sunset, byte[] Body);

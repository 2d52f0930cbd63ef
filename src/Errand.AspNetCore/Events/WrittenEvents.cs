using System.Text;
using System.Text.Json;
using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary>
/// Events as they go over the wire, written once for all streams that send the same: thousands may follow one job, and the store hands out one object for it while it does not change.
/// Whether a caller sees the job was decided before. Bounded: a place is taken over by whoever comes next.
/// </summary>
internal sealed class WrittenEvents
{
    private const int Places = 256;

    private readonly WrittenEvent?[] places = new WrittenEvent?[Places];

    public ReadOnlyMemory<byte> Of(JobEvent change, ApiCall call, bool withId)
    {
        // A stack trace is for administrators alone; the addresses within are those by which the caller came.
        var key = new EventKey(change.Kind, change.Revision, withId, call.Urls.Root, call.Principal.Caller.IsAdmin);
        ref var place = ref places[change.Job.Head.Id.GetHashCode() & (Places - 1)];
        if (Volatile.Read(ref place) is { } last && ReferenceEquals(last.Job, change.Job) && last.Key == key) return last.Bytes;
        var written = new WrittenEvent(change.Job, key, Write(change, call, withId));
        Volatile.Write(ref place, written);
        return written.Bytes;
    }

    private static byte[] Write(JobEvent change, ApiCall call, bool withId)
    {
        using var buffer = new BodyBuffer();
        var id = change.Revision.ToString();
        if (withId) Encoding.UTF8.GetBytes($"id: {id}\n", buffer);
        Encoding.UTF8.GetBytes($"event: {change.Kind}\ndata: ", buffer);
        var job = call.Map.At(call.Now).Job(change.Job) with { Result = null, Input = null };
        using (var writer = new Utf8JsonWriter(buffer, BodyBuffer.WriterOptions))
        {
            JsonSerializer.Serialize(writer, new JobEventResource(change.Kind, id, change.Time, job), ErrandJsonContext.Default.JobEventResource);
        }

        Encoding.UTF8.GetBytes("\n\n", buffer);
        return buffer.Written.ToArray();
    }

    private readonly record struct EventKey(string Kind, JobRevision Revision, bool WithId, string Root, bool ForAdmin);

    private sealed record WrittenEvent(Job Job, EventKey Key, byte[] Bytes);
}

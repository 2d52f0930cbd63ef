using System.Buffers;
using System.Buffers.Text;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>
/// Answers of dialects about finished jobs, made once and sent to everyone who asks within a moment. The engine hands out the same object for a finished job for less than a second, and only to
/// whom may see it; an answer is found by that object, so no right is passed over and nothing is told for longer. Bounded: a place is taken over by whoever comes next.
/// </summary>
internal sealed class KeptAnswers(TimeProvider time)
{
    private const int Places = 1_024;

    /// <summary>Larger bodies cost more to hold than to make.</summary>
    private const int BodyMax = 8 * 1_024;

    /// <summary>What a job holds beside its status – files, lines, items – can be removed before it, by another node too.</summary>
    private static readonly TimeSpan ToldFor = TimeSpan.FromMilliseconds(900);

    private readonly KeptAnswer?[] places = new KeptAnswer?[Places];

    public KeptAnswer? Find(AnswerKey key) =>
        Volatile.Read(ref places[key.Place]) is { } kept && kept.Key == key && kept.Body.Length > 0 && time.GetElapsedTime(kept.At) < ToldFor ? kept : null;

    /// <summary>Keeps the answer if it was made before: most are asked for once.</summary>
    public void Offer(AnswerKey key, ReadOnlySpan<byte> body, string contentType, Guid? requestId)
    {
        if (body.Length > BodyMax) return;
        ref var place = ref places[key.Place];
        var known = Volatile.Read(ref place) is { } last && last.Key == key;
        Volatile.Write(ref place, known ? new KeptAnswer(key, time.GetTimestamp(), contentType, body.ToArray(), PlaceOf(requestId, body)) : new KeptAnswer(key, 0, "", [], -1));
    }

    private static int PlaceOf(Guid? requestId, ReadOnlySpan<byte> body)
    {
        if (requestId is not { } id) return -1;
        Span<byte> text = stackalloc byte[KeptAnswer.IdLength];
        Utf8Formatter.TryFormat(id, text, out _);
        return body.IndexOf(text);
    }
}

/// <summary>What an answer is about. Jobs are compared as objects: another state of a job is another one.</summary>
internal readonly record struct AnswerKey(Job Job, object Dialect, string Root, string Form, bool ForAdmin)
{
    public int Place => (Job.Head.Id.GetHashCode() ^ Form.Length) & 1_023;

    public bool Equals(AnswerKey other) =>
        ReferenceEquals(Job, other.Job) && ReferenceEquals(Dialect, other.Dialect) && ForAdmin == other.ForAdmin && Root == other.Root && Form == other.Form;

    public override int GetHashCode() => Place;
}

/// <summary>An answer as it is sent; where it names the request, that name is another one each time.</summary>
internal sealed record KeptAnswer(AnswerKey Key, long At, string ContentType, byte[] Body, int RequestIdAt)
{
    public const int IdLength = 36;

    public void Send(HttpContext http, Guid requestId)
    {
        var response = http.Response;
        response.StatusCode = 200;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        if (HttpMethods.IsHead(http.Request.Method)) return;
        var target = response.BodyWriter.GetSpan(Body.Length);
        Body.CopyTo(target);
        if (RequestIdAt >= 0) Utf8Formatter.TryFormat(requestId, target[RequestIdAt..], out _);
        response.BodyWriter.Advance(Body.Length);
    }
}

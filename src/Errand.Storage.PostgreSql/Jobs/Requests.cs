using System.Buffers.Binary;

namespace Errand.Storage.PostgreSql;

/// <summary>The names of requests that must have their effect once, and which jobs each was answered with.</summary>
internal static class Requests
{
    private const int BytesPerJob = 9;

    /// <summary>A name that compares by value.</summary>
    public static (string Tenant, string Scope) NameOf(IdempotencyRecord record) => (record.Tenant, Convert.ToHexString(record.Scope.Span));

    public static byte[] Write(IReadOnlyList<SubmitOutcome> outcomes)
    {
        var jobs = new byte[outcomes.Count * BytesPerJob];
        for (var i = 0; i < outcomes.Count; i++)
        {
            var place = jobs.AsSpan(i * BytesPerJob, BytesPerJob);
            place[0] = (byte)outcomes[i].Kind;
            BinaryPrimitives.WriteInt64BigEndian(place[1..], outcomes[i].Head?.Sequence ?? 0);
        }

        return jobs;
    }

    public static (SubmitKind Kind, long Job)[] Read(byte[] jobs)
    {
        var remembered = new (SubmitKind, long)[jobs.Length / BytesPerJob];
        for (var i = 0; i < remembered.Length; i++)
        {
            var place = jobs.AsSpan(i * BytesPerJob, BytesPerJob);
            remembered[i] = ((SubmitKind)place[0], BinaryPrimitives.ReadInt64BigEndian(place[1..]));
        }

        return remembered;
    }
}

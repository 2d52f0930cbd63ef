using System.Buffers.Binary;

namespace Errand.Storage.Sqlite;

/// <summary>The idempotency record of a batch: which jobs the first request was answered with.</summary>
/// <remarks>A job that was purged since keeps its place in the answer, as <see cref="SubmitKind.IdPurged"/>.</remarks>
internal sealed class RememberedRequest(Transaction transaction, IdempotencyRecord record)
{
    private const int BytesPerJob = 9;

    private static readonly Sql Find = Sql.Of("submit", "find_request");
    private static readonly Sql Save = Sql.Of("submit", "save_request");
    private static readonly Sql FindBySequence = Sql.Of("submit", "find_by_sequence");

    private readonly int _tenant = transaction.Ledger.Tenants.Intern(record.Tenant);

    /// <summary>The answer to a repeated request; null when it is a new one.</summary>
    public BatchOutcome? Replay(DateTimeOffset asOf)
    {
        using var find = transaction.Use(Find);
        if (!find.Bind(_tenant).Bind(record.Scope.Span).Bind(asOf).Step()) return null;
        if (!find.Bytes().SequenceEqual(record.Fingerprint.Span)) return new BatchOutcome(BatchKind.KeyReused, []);
        return new BatchOutcome(BatchKind.Replayed, Read(find.Bytes()));
    }

    /// <summary>A request that stored nothing had no effect, and so leaves its key free.</summary>
    public void Remember(IReadOnlyList<SubmitOutcome> outcomes)
    {
        if (!outcomes.Any(outcome => outcome.Kind is SubmitKind.Created)) return;
        var jobs = new byte[outcomes.Count * BytesPerJob];
        for (var i = 0; i < outcomes.Count; i++)
        {
            var place = jobs.AsSpan(i * BytesPerJob, BytesPerJob);
            place[0] = (byte)outcomes[i].Kind;
            BinaryPrimitives.WriteInt64BigEndian(place[1..], outcomes[i].Head?.Sequence ?? 0);
        }

        using var save = transaction.Use(Save);
        save.Bind(_tenant).Bind(record.Scope.Span).Bind(record.Fingerprint.Span).Bind(record.ExpiresAt).Bind(jobs).Run();
    }

    private SubmitOutcome[] Read(ReadOnlySpan<byte> jobs)
    {
        var outcomes = new SubmitOutcome[jobs.Length / BytesPerJob];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var place = jobs.Slice(i * BytesPerJob, BytesPerJob);
            outcomes[i] = AsItIsNow((SubmitKind)place[0], BinaryPrimitives.ReadInt64BigEndian(place[1..]));
        }

        return outcomes;
    }

    private SubmitOutcome AsItIsNow(SubmitKind kind, long job)
    {
        if (job == 0) return new(kind, null);
        using var find = transaction.Use(FindBySequence);
        return find.Bind(job).Step() ? new(kind, HeadRow.Read(find, transaction.Ledger)) : new(SubmitKind.IdPurged, null);
    }
}

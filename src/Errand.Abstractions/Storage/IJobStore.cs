namespace Errand.Storage;

/// <summary>Jobs: submit, find, list, change.</summary>
public interface IJobStore
{
    /// <summary>
    /// Stores new jobs in one transaction, together with their idempotency record. One outcome per job, in the order given.
    /// A job that cannot be stored does not hinder its neighbours, unless the batch is atomic: then nothing is stored.
    /// Other callers' batches may share the commit and are never affected by this one.
    /// </summary>
    ValueTask<BatchOutcome> SubmitAsync(JobBatch batch, CancellationToken cancellationToken);

    /// <summary>Reads one job by primary key: no scan, no lock. Purged and unknown jobs are told apart while the tombstone lasts.</summary>
    ValueTask<JobLookup> FindAsync(JobKey key, JobParts parts, CancellationToken cancellationToken);

    /// <summary>
    /// One page, newest or oldest first. Reads a bounded number of rows: a page may be short or empty although there are more,
    /// and only an absent <see cref="JobPage.Next"/> says that the end was reached.
    /// </summary>
    ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Writes each change if the stored version still equals <c>Before.Version</c>, with its attempt, result and labels. Independent of its neighbours; one transaction.
    /// Without changes it returns once everything that was read before is as durable as a write would be.
    /// </summary>
    ValueTask<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<JobChange> changes, CancellationToken cancellationToken);
}

/// <summary>New jobs that are stored together.</summary>
/// <param name="Jobs">The jobs; all of one tenant.</param>
/// <param name="Atomic">All or none.</param>
/// <param name="Idempotency">Remembered with the jobs, so that the same request is answered with the same jobs.</param>
/// <param name="AsOf">The instant.</param>
public sealed record JobBatch(IReadOnlyList<NewJob> Jobs, bool Atomic, IdempotencyRecord? Idempotency, DateTimeOffset AsOf);

/// <summary>A job to store.</summary>
/// <param name="Head">The head, with version 1 and no sequence.</param>
/// <param name="Details">What was said about it.</param>
/// <param name="Input">Its input. An upload it names is marked as used in the same transaction.</param>
public sealed record NewJob(JobHead Head, JobDetails Details, JobInput Input);

/// <summary>A request that must have its effect once. One that stored no job had no effect and is not remembered; an expired one is replaced.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Scope">32 bytes: a hash of principal, method, route and key.</param>
/// <param name="Fingerprint">32 bytes: a hash of what was sent.</param>
/// <param name="ExpiresAt">When it may be forgotten.</param>
public sealed record IdempotencyRecord(string Tenant, ReadOnlyMemory<byte> Scope, ReadOnlyMemory<byte> Fingerprint, DateTimeOffset ExpiresAt);

/// <summary>What became of a batch.</summary>
/// <param name="Kind">Whether it was stored now, before, or not at all.</param>
/// <param name="Jobs">One outcome per job; on a replay the jobs of the first request, as they are now.</param>
public sealed record BatchOutcome(BatchKind Kind, IReadOnlyList<SubmitOutcome> Jobs);

/// <summary>What became of a batch.</summary>
public enum BatchKind
{
    /// <summary>The jobs with <see cref="SubmitKind.Created"/> are on disk.</summary>
    Stored,

    /// <summary>The same request had been stored before; its jobs are returned.</summary>
    Replayed,

    /// <summary>The key belongs to a request with another fingerprint. Nothing was stored.</summary>
    KeyReused,

    /// <summary>The batch is atomic and one job could not be stored. Nothing was stored.</summary>
    RolledBack,
}

/// <summary>What became of one job of a batch.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Head">The stored head: the new job's, or the one in the way. Null for <see cref="SubmitKind.IdPurged"/>, <see cref="SubmitKind.UploadMissing"/> and <see cref="SubmitKind.NotTried"/>.</param>
public sealed record SubmitOutcome(SubmitKind Kind, JobHead? Head);

/// <summary>What became of one job of a batch.</summary>
public enum SubmitKind
{
    /// <summary>Stored.</summary>
    Created,

    /// <summary>A job with this id is there; it is returned.</summary>
    IdExists,

    /// <summary>A job with this id was there and is purged.</summary>
    IdPurged,

    /// <summary>A live job has this unique key; it is returned.</summary>
    UniqueKeyTaken,

    /// <summary>The upload it names is unknown, of another owner, used, or over.</summary>
    UploadMissing,

    /// <summary>Fine by itself, but the atomic batch was rolled back.</summary>
    NotTried,
}

/// <summary>What a look-up found.</summary>
/// <param name="Job">The job, if it is there.</param>
/// <param name="Tombstone">What is left of it, if it was purged.</param>
public readonly record struct JobLookup(Job? Job, Tombstone? Tombstone = null);

/// <summary>What is left of a purged job.</summary>
/// <param name="Owner">Who had submitted it: others must not learn that it existed.</param>
/// <param name="PurgedAt">When it was purged.</param>
public sealed record Tombstone(string Owner, DateTimeOffset PurgedAt);

/// <summary>A decided change, valid only while the stored version is still <c>Before.Version</c>.</summary>
/// <param name="Before">The head that the decision was made on.</param>
/// <param name="After">The head to store, with the next version.</param>
public sealed record JobChange(JobHead Before, JobHead After)
{
    /// <summary>An attempt to append to the history.</summary>
    public JobAttempt? Attempt { get; init; }

    /// <summary>The result to store.</summary>
    public JobResult? Result { get; init; }

    /// <summary>New labels, replacing the old ones.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>What became of a change.</summary>
public enum ChangeOutcome
{
    /// <summary>Written.</summary>
    Applied,

    /// <summary>The stored version is another one; nothing was written.</summary>
    Conflict,

    /// <summary>There is no such job.</summary>
    NotFound,
}

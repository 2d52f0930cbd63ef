using System.Data.Common;

namespace Errand.Storage;

/// <summary>
/// An ability that a store may have – found with <c>storage is ITransactionalStorage</c> –: jobs that become durable with the caller's own rows, or not at all. A store whose tables lie in the
/// caller's database writes the jobs themselves; another one writes them down in the caller's database, and gives them out from there once the caller has committed.
/// </summary>
public interface ITransactionalStorage
{
    /// <summary>
    /// Writes new jobs into the caller's open transaction, all or none. Nobody sees them before it commits. What is in the way of a job, as far as that can be told now, is
    /// returned as by <see cref="IJobStore.SubmitAsync"/>, and then nothing was written; the transaction can be gone on with in either case. The batch has no idempotency record.
    /// </summary>
    /// <exception cref="ArgumentException">The transaction is over, or it is of a database that this store cannot do this in; the message says which it can.</exception>
    ValueTask<Enlistment> EnlistAsync(JobBatch batch, DbTransaction transaction, CancellationToken cancellationToken);

    /// <summary>
    /// Jobs that callers have committed and that are not among this store's jobs yet, oldest first: to be submitted, and then removed. The same job may come twice, after a crash in
    /// between. Always empty where a store writes the jobs themselves.
    /// </summary>
    ValueTask<IReadOnlyList<EnlistedJob>> ListEnlistedAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Removes what was taken over. Jobs that are not there any more are ignored.</summary>
    ValueTask RemoveEnlistedAsync(IReadOnlyList<EnlistedJob> jobs, CancellationToken cancellationToken);
}

/// <summary>Jobs that were written into a caller's transaction, which commits or not.</summary>
public abstract class Enlistment
{
    /// <summary>What became of each job, in the order given. Only if all are <see cref="SubmitKind.Created"/> was anything written.</summary>
    public abstract IReadOnlyList<SubmitOutcome> Jobs { get; }

    /// <summary>
    /// Tells whether the transaction is over, one way or the other: whether looking for its jobs makes sense. Cheap, and asked again and again. When it cannot be told any more, it is over.
    /// </summary>
    public abstract ValueTask<bool> HasEndedAsync(CancellationToken cancellationToken);
}

/// <summary>A job that a caller has committed in a database of its own.</summary>
/// <param name="Job">The job.</param>
/// <param name="Source">Which database; opaque.</param>
/// <param name="Place">Where in it; opaque.</param>
public sealed record EnlistedJob(NewJob Job, string Source, long Place);

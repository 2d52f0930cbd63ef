using System.Data.Common;
using Errand.Storage;

namespace Errand.Conformance.Storage;

/// <summary>What a provider supplies to sit the exams: stores to try.</summary>
public abstract class StorageFixture
{
    /// <summary>
    /// True for a store that one process owns: at its start the sessions of an earlier process are over. False for a store that nodes share:
    /// there they may be another node's, and end only with their term. Default: true.
    /// </summary>
    public virtual bool OwnsItsStore => true;

    /// <summary>Opens a store of its own, migrated and empty. The suite disposes it.</summary>
    public abstract ValueTask<IJobStorage> OpenAsync();

    /// <summary>
    /// Ends the store without warning, as a crash would, and opens what is left of it, migrated. Nothing may be flushed on the way: a
    /// provider on files copies them under the open store and opens the copy. The suite disposes what is returned, not what was given.
    /// </summary>
    public abstract ValueTask<IJobStorage> CrashAsync(IJobStorage storage);

    /// <summary>
    /// Opens a connection of the app to a database in which the store can submit jobs with the app's own rows: the database that the store lies in, or, for a store that keeps its own, one of
    /// the app's. With the same store it is the same database. Default: refuses, for a store that is no <see cref="ITransactionalStorage"/>.
    /// </summary>
    public virtual ValueTask<DbConnection> OpenCallerAsync(IJobStorage storage) =>
        throw new NotSupportedException("This store takes no transaction of the app; excuse TransactionalSuite, with the reason.");
}

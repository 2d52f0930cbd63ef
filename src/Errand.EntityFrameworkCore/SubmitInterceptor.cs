using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Errand.EntityFrameworkCore;

/// <summary>
/// Writes the jobs of a save into its transaction. Where the app has begun one, after the rows, so that a save that fails leaves no job in it. Otherwise EF Core is told to begin one, and the jobs
/// are written as its first act – again with each try, when an execution strategy tries again.
/// </summary>
internal sealed class SubmitInterceptor(IJobClients clients) : ISaveChangesInterceptor, IDbTransactionInterceptor
{
    public async ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (Of(eventData.Context) is not { } jobs) return result;
        var database = eventData.Context!.Database;
        jobs.AreWritten = false;
        if (database.CurrentTransaction is not null)
        {
            await jobs.CheckAsync(clients, cancellationToken);
            return result;
        }

        RefuseAmbient(database);
        jobs.FormerBehavior = database.AutoTransactionBehavior;
        database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
        return result;
    }

    public InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) =>
        Of(eventData.Context) is null ? result : Wait(() => SavingChangesAsync(eventData, result).AsTask());

    public async ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        if (Of(eventData.Context) is { FormerBehavior: not null } jobs) await jobs.WriteAsync(clients, result, cancellationToken);
        return result;
    }

    public DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result) =>
        Of(eventData.Context) is null ? result : Wait(() => TransactionStartedAsync(connection, eventData, result).AsTask());

    public async ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (Of(eventData.Context) is not { } jobs) return result;
        var database = eventData.Context!.Database;
        if (jobs.FormerBehavior is null) await jobs.WriteAsync(clients, database.CurrentTransaction!.GetDbTransaction(), cancellationToken);
        else if (!jobs.AreWritten) await CommitAloneAsync(database, cancellationToken);
        Restore(database, jobs);
        jobs.Clear();
        return result;
    }

    public int SavedChanges(SaveChangesCompletedEventData eventData, int result) =>
        Of(eventData.Context) is null ? result : Wait(() => SavedChangesAsync(eventData, result).AsTask());

    public void SaveChangesFailed(DbContextErrorEventData eventData) => GiveUp(eventData.Context);

    public Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        GiveUp(eventData.Context);
        return Task.CompletedTask;
    }

    public void SaveChangesCanceled(DbContextEventData eventData) => GiveUp(eventData.Context);

    public Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        GiveUp(eventData.Context);
        return Task.CompletedTask;
    }

    /// <summary>The jobs of a context; null where there are none.</summary>
    private static PendingJobs? Of(DbContext? context)
    {
        var jobs = context?.GetService<PendingJobs>();
        return jobs is { IsEmpty: false } ? jobs : null;
    }

    /// <summary>No row was changed, so that EF Core began no transaction; the start of this one writes the jobs.</summary>
    private static Task CommitAloneAsync(DatabaseFacade database, CancellationToken cancellationToken) => database.CreateExecutionStrategy().ExecuteAsync(
        database,
        static async (database, stop) =>
        {
            await using var transaction = await database.BeginTransactionAsync(stop);
            await transaction.CommitAsync(stop);
        },
        cancellationToken);

    /// <summary>The entities are as they were, and so are the jobs: the next save has both again.</summary>
    private static void GiveUp(DbContext? context)
    {
        if (Of(context) is { } jobs) Restore(context!.Database, jobs);
    }

    private static void Restore(DatabaseFacade database, PendingJobs jobs)
    {
        if (jobs.FormerBehavior is { } former) database.AutoTransactionBehavior = former;
        jobs.FormerBehavior = null;
    }

    private static void RefuseAmbient(DatabaseFacade database)
    {
        var enlisted = (database.GetService<IDbContextTransactionManager>() as ITransactionEnlistmentManager)?.EnlistedTransaction;
        if (System.Transactions.Transaction.Current is null && enlisted is null) return;
        throw new InvalidOperationException(
            "Jobs cannot be submitted within a TransactionScope, which has no transaction of the database's own. Use Database.BeginTransactionAsync() instead, or save outside of the scope.");
    }

    /// <summary>Away from the caller's synchronization context, which may have only this thread.</summary>
    private static T Wait<T>(Func<Task<T>> act) => Task.Run(act).GetAwaiter().GetResult();
}

namespace Errand.Storage.Sqlite;

/// <summary>
/// The lines and items of jobs that are gone from view, removed a slice a transaction so that no other writer waits for a million rows.
/// </summary>
internal sealed class Leftovers(Database database)
{
    private const int RowsPerSlice = 5_000;
    private const int PagesPerSlice = 500;
    private const int FreePagesKept = 2_000;

    private static readonly Sql FirstJob = Sql.Of("retention", "first_leftover");
    private static readonly Sql DeleteItems = Sql.Of("retention", "delete_items");
    private static readonly Sql DeleteMessages = Sql.Of("retention", "delete_messages");
    private static readonly Sql Forget = Sql.Of("retention", "forget_leftover");

    public async ValueTask RemoveAsync(CancellationToken cancellationToken)
    {
        while (await database.WriteAsync(RemoveSlice, cancellationToken, RowsPerSlice))
        {
        }

        while (await database.WriteAsync(ShrinkABit, cancellationToken, RowsPerSlice))
        {
        }
    }

    /// <summary>True while there may be more.</summary>
    private static bool RemoveSlice(Transaction transaction)
    {
        var db = transaction.Db;
        for (var rows = 0; rows < RowsPerSlice;)
        {
            if (db.First<long?>(FirstJob, _ => { }, row => row.Int64()) is not { } job) return false;
            var removed = Delete(db, DeleteItems, job, RowsPerSlice - rows);
            removed += Delete(db, DeleteMessages, job, RowsPerSlice - rows - removed);
            rows += removed;
            if (rows < RowsPerSlice) db.Run(Forget, forget => forget.Bind(job));
        }

        return true;
    }

    private static int Delete(Connection db, Sql sql, long job, int limit) =>
        limit <= 0 ? 0 : db.Run(sql, delete => delete.Bind(job).Bind(limit));

    /// <summary>Gives free pages back to the file system, but for some that the next jobs will need.</summary>
    private static bool ShrinkABit(Transaction transaction)
    {
        var free = transaction.Db.ReadNumber("PRAGMA freelist_count");
        if (free <= Math.Max(FreePagesKept, transaction.Db.ReadNumber("PRAGMA page_count") / 10)) return false;
        transaction.Db.Execute($"PRAGMA incremental_vacuum({PagesPerSlice})");
        return true;
    }
}

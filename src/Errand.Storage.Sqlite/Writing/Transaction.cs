namespace Errand.Storage.Sqlite;

/// <summary>The open transaction, as operations see it.</summary>
internal sealed class Transaction(Connection db, Ledger ledger)
{
    private static readonly Sql Savepoint = Sql.Of("transaction", "savepoint");
    private static readonly Sql RollBackToSavepoint = Sql.Of("transaction", "rollback_to_savepoint");
    private static readonly Sql ReleaseSavepoint = Sql.Of("transaction", "release_savepoint");

    public Connection Db => db;

    public Ledger Ledger => ledger;

    public Statement Use(Sql sql) => db.Use(sql);

    /// <summary>Runs something whose outcome may be to undo it, without touching what was done before in the same transaction.</summary>
    public T Attempt<T>(Func<T> act, Func<T, bool> isKept)
    {
        var mark = ledger.Mark;
        db.Run(Savepoint);
        var result = act();
        if (!isKept(result))
        {
            db.Run(RollBackToSavepoint);
            ledger.LeadBackTo(mark);
        }

        db.Run(ReleaseSavepoint);
        return result;
    }
}

namespace Errand.Storage.Sqlite;

/// <summary>
/// Looks through a small database as a whole, and through the small tables of a large one, so that opening takes no minutes.
/// </summary>
internal static class QuickCheck
{
    private const long WholeUpTo = 32 * 1024 * 1024;

    private static readonly string[] SmallTables =
        ["schema_migrations", "counters", "tenants", "owners", "lanes", "sessions", "queues", "types", "tokens", "keys"];

    public static void Run(Connection db, DataFolder folder, StorageFaults faults)
    {
        if (new FileInfo(folder.Database).Length <= WholeUpTo)
        {
            Check(db, "PRAGMA quick_check(1)", faults);
            return;
        }

        foreach (var table in SmallTables) Check(db, $"PRAGMA quick_check({table})", faults);
    }

    private static void Check(Connection db, string pragma, StorageFaults faults)
    {
        if (db.ReadText(pragma) is var answer && answer != "ok") throw faults.Corrupt(answer);
    }
}

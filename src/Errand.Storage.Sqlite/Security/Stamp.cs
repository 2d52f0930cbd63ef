namespace Errand.Storage.Sqlite;

/// <summary>A number in the database that moves with every change of a token, a client, a collection, a queue or a type, whichever process makes it.</summary>
/// <remarks><c>PRAGMA data_version</c> would move with every job too, and so make caches read again each second under load.</remarks>
internal static class Stamp
{
    private static readonly Sql ReadStamp = Sql.Of("security", "stamp");
    private static readonly Sql MoveStamp = Sql.Of("security", "move_stamp");

    public static long Read(Connection db) => db.First(ReadStamp, _ => { }, row => row.Int64());

    public static bool Move(Connection db)
    {
        db.Run(MoveStamp);
        return true;
    }
}

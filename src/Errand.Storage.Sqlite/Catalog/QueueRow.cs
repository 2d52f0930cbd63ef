namespace Errand.Storage.Sqlite;

internal static class QueueRow
{
    public static QueueSettings Read(Statement row) => new(row.Text(), row.Bool(), row.Int32OrNull(), row.DoubleOrNull());
}

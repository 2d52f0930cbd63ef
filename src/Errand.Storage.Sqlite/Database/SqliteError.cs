using SQLitePCL;

namespace Errand.Storage.Sqlite;

/// <summary>What SQLite answered instead of doing what it was asked. Never leaves the project: see <see cref="StorageFaults"/>.</summary>
internal sealed class SqliteError(int extendedCode, string message) : Exception(message)
{
    /// <summary>The code without its extension: <c>SQLITE_FULL</c>.</summary>
    public int Code => ExtendedCode & 0xFF;

    public int ExtendedCode { get; } = extendedCode;

    public static void ThrowIfNot(int result, sqlite3 connection)
    {
        if (result != raw.SQLITE_OK) throw From(result, connection);
    }

    public static SqliteError From(int result, sqlite3 connection)
    {
        var extended = raw.sqlite3_extended_errcode(connection);
        var text = raw.sqlite3_errmsg(connection).utf8_to_string();
        return new SqliteError((extended & 0xFF) == (result & 0xFF) ? extended : result, $"{text} (SQLite error {extended})");
    }
}

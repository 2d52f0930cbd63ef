using System.Text;
using SQLitePCL;

namespace Errand.Storage.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class Connection : IDisposable
{
    private readonly sqlite3 _db;
    private Statement?[] _statements = new Statement?[128];

    static Connection() => Batteries_V2.Init();

    private Connection(sqlite3 db) => _db = db;

    /// <summary>Tells of each row of the tables of jobs that is written, by the job's sequence: all of them have it as their key.</summary>
    public void OnJobRow(Action<long> touched) => raw.sqlite3_update_hook(_db, TouchJob, touched);

    /// <summary>Rows that the last statement inserted, updated or deleted.</summary>
    public int Changes => raw.sqlite3_changes(_db);

    public bool InTransaction => raw.sqlite3_get_autocommit(_db) == 0;

    /// <summary>Pages written to the log since the last call.</summary>
    public int TakePagesWritten()
    {
        raw.sqlite3_db_status(_db, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, resetFlg: 1);
        return pages;
    }

    public static Connection Open(string path, bool readOnly, string pragmas)
    {
        // Without SQLite's own mutexes: no connection is ever used by two threads at once.
        var flags = raw.SQLITE_OPEN_NOMUTEX | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        var result = raw.sqlite3_open_v2(path, out var db, flags, null);
        var connection = new Connection(db);
        try
        {
            SqliteError.ThrowIfNot(result, db);
            raw.sqlite3_extended_result_codes(db, 1);
            connection.Execute(pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The prepared statement, to be disposed after use. Two uses at once get two statements.</summary>
    public Statement Use(Sql sql)
    {
        if (sql.Index >= _statements.Length) Array.Resize(ref _statements, Math.Max(sql.Index + 1, _statements.Length * 2));
        var statement = _statements[sql.Index] ?? Prepare(sql);
        _statements[sql.Index] = statement.Next;
        return statement;
    }

    /// <summary>Runs a statement that takes and gives nothing.</summary>
    public void Run(Sql sql)
    {
        using var statement = Use(sql);
        statement.Run();
    }

    /// <summary>Runs a statement that gives nothing; returns how many rows it changed.</summary>
    public int Run(Sql sql, Action<Statement> bind)
    {
        using var statement = Use(sql);
        bind(statement);
        return statement.Run();
    }

    /// <summary>Reads every row.</summary>
    public List<T> List<T>(Sql sql, Action<Statement> bind, Func<Statement, T> read)
    {
        var rows = new List<T>();
        using var statement = Use(sql);
        bind(statement);
        while (statement.Step()) rows.Add(read(statement));
        return rows;
    }

    /// <summary>Reads the first row; the default of the type when there is none.</summary>
    public T? First<T>(Sql sql, Action<Statement> bind, Func<Statement, T> read)
    {
        using var statement = Use(sql);
        bind(statement);
        return statement.Step() ? read(statement) : default;
    }

    /// <summary>Runs a script whose text is ours.</summary>
    public void Execute(string script) => SqliteError.ThrowIfNot(raw.sqlite3_exec(_db, script), _db);

    /// <summary>Reads one number with a text that is ours: for pragmas and other things done once.</summary>
    public long ReadNumber(string text) => Query(text, statement => statement.Int64());

    public string ReadText(string text) => Query(text, statement => statement.Text());

    /// <summary>Copies what the log holds into the database file; false when a reader or writer was in the way.</summary>
    public bool Checkpoint(int mode, out int logPages, out int copiedPages)
    {
        var result = raw.sqlite3_wal_checkpoint_v2(_db, "main", mode, out logPages, out copiedPages);
        if ((result & 0xFF) == raw.SQLITE_BUSY) return false;
        SqliteError.ThrowIfNot(result, _db);
        return true;
    }

    public void Dispose()
    {
        foreach (var first in _statements)
        {
            for (var statement = first; statement is not null; statement = statement.Next) statement.Finish();
        }

        raw.sqlite3_close_v2(_db);
    }

    internal void Return(Statement statement, int index)
    {
        statement.Next = _statements[index];
        _statements[index] = statement;
    }

    private Statement Prepare(Sql sql)
    {
        SqliteError.ThrowIfNot(raw.sqlite3_prepare_v3(_db, sql.Text, raw.SQLITE_PREPARE_PERSISTENT, out var handle), _db);
        return new Statement(this, _db, handle, sql.Index);
    }

    private static void TouchJob(object touched, int how, utf8z database, utf8z table, long sequence)
    {
        if (table.GetPinnableReference() == (byte)'j') ((Action<long>)touched)(sequence);
    }

    private T Query<T>(string text, Func<Statement, T> read)
    {
        SqliteError.ThrowIfNot(raw.sqlite3_prepare_v3(_db, Encoding.UTF8.GetBytes(text), 0, out var handle), _db);
        var statement = new Statement(this, _db, handle, index: -1);
        try
        {
            if (!statement.Step()) throw new SqliteError(raw.SQLITE_ERROR, $"'{text}' gave no row.");
            return read(statement);
        }
        finally
        {
            statement.Finish();
        }
    }
}

using System.Text;
using Errand.Storage.Sqlite;
using SQLitePCL;

namespace Errand.Benchmarks.Storage;

/// <summary>
/// SQLite with Errand's own schema and none of its code: what the store is measured against. One thread, prepared statements, one
/// transaction a batch.
/// </summary>
internal sealed class RawSqlite : IDisposable
{
    private const long Now = 638_000_000_000_000_000;

    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _pick;
    private readonly sqlite3_stmt _read;
    private readonly sqlite3_stmt _take;
    private readonly sqlite3_stmt _finish;
    private readonly sqlite3_stmt? _input;
    private readonly sqlite3_stmt? _readInput;
    private readonly byte[]? _json;
    private readonly byte[] _session = Guid.NewGuid().ToByteArray();
    private long _sequence;
    private long _token;

    /// <param name="file">Where its database comes to lie.</param>
    /// <param name="input">A string that each job has as its input; null for jobs without one.</param>
    public RawSqlite(string file, string? input = null)
    {
        Batteries_V2.Init();
        Check(raw.sqlite3_open_v2(file, out _db, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null));
        Check(raw.sqlite3_exec(_db, "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;"));
        Check(raw.sqlite3_exec(_db, "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;"));
        Check(raw.sqlite3_exec(_db, Schema()));
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _insert = Prepare(
            """
            INSERT INTO jobs (seq, id, tenant, owner, lane, shelf, live, state, version, priority, due_at, created_at, updated_at,
                attempt, max_attempts, failures, losses, token, has_result, request_id)
            VALUES (?1, ?2, 1, 1, 1, 30, 1, 0, 1, 5, ?3, ?3, ?3, 0, 5, 0, 0, 0, 0, ?4)
            """);
        _pick = Prepare("SELECT seq FROM jobs WHERE shelf = 30 ORDER BY due_at, seq LIMIT ?1");
        _read = Prepare("SELECT * FROM jobs WHERE seq = ?1");
        _take = Prepare(
            """
            UPDATE jobs SET shelf = NULL, state = 1, version = version + 1, attempt = attempt + 1, session = ?2, token = ?3,
                started_at = ?4, updated_at = ?4
            WHERE seq = ?1
            """);
        _finish = Prepare(
            """
            UPDATE jobs SET live = NULL, state = 3, version = version + 1, session = NULL,
                finished_at = ?2, updated_at = ?2, expires_at = ?3
            WHERE seq = ?1 AND version = 2
            """);
        if (input is null) return;
        _json = Encoding.UTF8.GetBytes($"\"{input}\"");
        _input = Prepare("INSERT INTO job_inputs (job, version, json) VALUES (?1, 1, ?2)");
        _readInput = Prepare("SELECT version, json FROM job_inputs WHERE job = ?1");
    }

    public static string Version => raw.sqlite3_libversion().utf8_to_string();

    public void Insert(int jobs, int perTransaction)
    {
        for (var done = 0; done < jobs; done += perTransaction)
        {
            Run(_begin);
            for (var i = 0; i < perTransaction; i++) InsertOne();
            Run(_commit);
        }
    }

    public void ClaimAndFinish(int jobs, int perTransaction)
    {
        for (var done = 0; done < jobs; done += perTransaction)
        {
            Run(_begin);
            var picked = Pick(perTransaction);
            foreach (var job in picked) Take(job);
            Run(_commit);
            Run(_begin);
            foreach (var job in picked) Finish(job);
            Run(_commit);
        }
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _begin, _commit, _insert, _pick, _read, _take, _finish, _input, _readInput }) statement?.Dispose();
        _db.Dispose();
    }

    private static string Schema()
    {
        using var stream = typeof(SqliteStorage).Assembly.GetManifestResourceStream("Errand.Storage.Sqlite.Migrations.0001_jobs.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private void InsertOne()
    {
        raw.sqlite3_bind_int64(_insert, 1, ++_sequence);
        raw.sqlite3_bind_blob(_insert, 2, Guid.CreateVersion7().ToByteArray(bigEndian: true));
        raw.sqlite3_bind_int64(_insert, 3, Now + _sequence);
        raw.sqlite3_bind_blob(_insert, 4, Guid.NewGuid().ToByteArray());
        Run(_insert);
        if (_input is null) return;
        raw.sqlite3_bind_int64(_input, 1, _sequence);
        raw.sqlite3_bind_blob(_input, 2, _json);
        Run(_input);
    }

    private List<long> Pick(int limit)
    {
        var picked = new List<long>(limit);
        raw.sqlite3_bind_int64(_pick, 1, limit);
        while (raw.sqlite3_step(_pick) == raw.SQLITE_ROW) picked.Add(raw.sqlite3_column_int64(_pick, 0));
        raw.sqlite3_reset(_pick);
        return picked;
    }

    private void Take(long job)
    {
        raw.sqlite3_bind_int64(_read, 1, job);
        Run(_read);
        raw.sqlite3_bind_int64(_take, 1, job);
        raw.sqlite3_bind_blob(_take, 2, _session);
        raw.sqlite3_bind_int64(_take, 3, ++_token);
        raw.sqlite3_bind_int64(_take, 4, Now + _token);
        Run(_take);
        if (_readInput is null) return;
        raw.sqlite3_bind_int64(_readInput, 1, job);
        Run(_readInput);
    }

    private void Finish(long job)
    {
        raw.sqlite3_bind_int64(_finish, 1, job);
        raw.sqlite3_bind_int64(_finish, 2, Now + _token);
        raw.sqlite3_bind_int64(_finish, 3, Now + _token + TimeSpan.TicksPerDay);
        Run(_finish);
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_db, Encoding.UTF8.GetBytes(sql), raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return statement;
    }

    private void Run(sqlite3_stmt statement)
    {
        var result = raw.sqlite3_step(statement);
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW)) Check(result);
        raw.sqlite3_reset(statement);
    }

    private void Check(int result)
    {
        if (result == raw.SQLITE_OK) return;
        throw new InvalidOperationException($"SQLite answers {result}: {raw.sqlite3_errmsg(_db).utf8_to_string()}");
    }
}

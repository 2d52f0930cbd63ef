using System.Text;

namespace Errand.Storage.Sqlite;

/// <summary>The lines of one job: the first half stays for ever, the last half rolls.</summary>
internal sealed class MessageLog(Connection db, long job)
{
    private const int HalfLines = 5_000;
    private const long HalfBytes = 2 * 1024 * 1024;

    private static readonly Sql LoadLog = Sql.Of("contents", "load_log");
    private static readonly Sql SaveLog = Sql.Of("contents", "save_log");
    private static readonly Sql InsertMessage = Sql.Of("contents", "insert_message");
    private static readonly Sql DeleteMessage = Sql.Of("contents", "delete_message");

    private long _last;
    private long? _headLast;
    private long _headBytes;
    private long _tailFirst = 1;
    private long _tailBytes;
    private long _dropped;

    public void Append(IReadOnlyList<JobMessage> messages)
    {
        Load();
        foreach (var message in messages) Append(message);
        Save();
    }

    private void Append(JobMessage message)
    {
        var bytes = Encoding.UTF8.GetByteCount(message.Text);
        if (_headLast is null && (_last == HalfLines || _headBytes + bytes > HalfBytes)) (_headLast, _tailFirst) = (_last, _last + 1);
        Insert(message, ++_last);
        if (_headLast is null)
        {
            _headBytes += bytes;
            return;
        }

        _tailBytes += bytes;
        while (_last - _tailFirst >= HalfLines || _tailBytes > HalfBytes) DropFirstOfTail();
    }

    private void Insert(JobMessage message, long sequence)
    {
        using var insert = db.Use(InsertMessage);
        insert.Bind(job).Bind(sequence).Bind(message.Time).Bind((long)message.Severity).Bind(message.Text)
            .Bind(message.Source).Bind(message.Attempt)
            .Run();
    }

    private void DropFirstOfTail()
    {
        using var delete = db.Use(DeleteMessage);
        if (delete.Bind(job).Bind(_tailFirst).Step()) _tailBytes -= delete.Int64();
        _tailFirst++;
        _dropped++;
    }

    private void Load()
    {
        using var load = db.Use(LoadLog);
        if (!load.Bind(job).Step()) return;
        (_last, _headLast, _headBytes, _tailFirst, _tailBytes, _dropped) =
            (load.Int64(), load.Int64OrNull(), load.Int64(), load.Int64(), load.Int64(), load.Int64());
    }

    private void Save()
    {
        using var save = db.Use(SaveLog);
        save.Bind(job).Bind(_last).Bind(_headLast).Bind(_headBytes).Bind(_tailFirst).Bind(_tailBytes).Bind(_dropped).Run();
    }
}

using System.Text;

namespace Errand.Storage.PostgreSql;

/// <summary>The lines of one job: the first half stays for ever, the last half rolls.</summary>
internal sealed class MessageLog(Session session, long job)
{
    private const int HalfLines = 5_000;
    private const long HalfBytes = 2 * 1024 * 1024;

    private static readonly Sql StartLog = Sql.Of("contents", "start_log");
    private static readonly Sql LoadLog = Sql.Of("contents", "load_log");
    private static readonly Sql TailSizes = Sql.Of("contents", "tail_sizes");
    private static readonly Sql SaveLog = Sql.Of("contents", "save_log");
    private static readonly Sql InsertMessages = Sql.Of("contents", "insert_messages");
    private static readonly Sql DeleteMessages = Sql.Of("contents", "delete_messages");

    private readonly List<(long Sequence, JobMessage Message)> _lines = [];
    private readonly Queue<long> _tail = new();
    private long _last;
    private long? _headLast;
    private long _headBytes;
    private long _tailFirst = 1;
    private long _tailBytes;
    private long _dropped;

    public async ValueTask<bool> AppendAsync(IReadOnlyList<JobMessage> messages)
    {
        var formerFirst = await LoadAsync(messages);
        foreach (var message in messages) Append(message);
        var kept = _lines.FindAll(line => _headLast is null || line.Sequence <= _headLast || line.Sequence >= _tailFirst);
        var batch = session.NewBatch();
        if (_tailFirst > formerFirst && _headLast is not null) batch.Add(DeleteMessages).With(job).With(formerFirst).With(_tailFirst);
        batch.Add(InsertMessages).With(job).With(kept.Select(line => line.Sequence)).With(kept.Select(line => line.Message.Time.UtcTicks))
            .With(kept.Select(line => (short)line.Message.Severity)).With(kept.Select(line => line.Message.Text))
            .With(kept.Select(line => line.Message.Source)).With(kept.Select(line => line.Message.Attempt));
        batch.Add(SaveLog).With(job).With(_last).With(_headLast).With(_headBytes).With(_tailFirst).With(_tailBytes).With(_dropped);
        return await session.CommitAsync(batch);
    }

    private void Append(JobMessage message)
    {
        var bytes = Encoding.UTF8.GetByteCount(message.Text);
        if (_headLast is null && (_last == HalfLines || _headBytes + bytes > HalfBytes)) (_headLast, _tailFirst) = (_last, _last + 1);
        _lines.Add((++_last, message));
        if (_headLast is null)
        {
            _headBytes += bytes;
            return;
        }

        _tailBytes += bytes;
        _tail.Enqueue(bytes);
        while (_last - _tailFirst >= HalfLines || _tailBytes > HalfBytes) DropFirstOfTail();
    }

    private void DropFirstOfTail()
    {
        _tailBytes -= _tail.Dequeue();
        _tailFirst++;
        _dropped++;
    }

    /// <summary>Returns where the tail began. The sizes of its lines are read only where the new lines may push some out.</summary>
    private async ValueTask<long> LoadAsync(IReadOnlyList<JobMessage> messages)
    {
        var batch = session.NewBatch();
        batch.Add(StartLog).With(job);
        batch.Add(LoadLog).With(job);
        (_last, _headLast, _headBytes, _tailFirst, _tailBytes, _dropped) = await session.RunAsync(batch, results => results.FirstAsync(
            row => (row.Int64(), row.Int64OrNull(), row.Int64(), row.Int64(), row.Int64(), row.Int64())));
        if (_headLast is null || messages.Count == 0) return _last + 1;
        var sizes = session.NewBatch();
        sizes.Add(TailSizes).With(job).With(_tailFirst);
        foreach (var size in await session.RunAsync(sizes, results => results.ListAsync(row => (row.Int64(), Bytes: row.Int32())))) _tail.Enqueue(size.Bytes);
        return _tailFirst;
    }
}

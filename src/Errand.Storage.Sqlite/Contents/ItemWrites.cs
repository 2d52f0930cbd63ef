namespace Errand.Storage.Sqlite;

/// <summary>Writes outcomes of items and keeps their counts: each item counts once, however often it is reported.</summary>
internal sealed class ItemWrites(Connection db, long job)
{
    private static readonly Sql LoadCounts = Sql.Of("contents", "load_item_counts");
    private static readonly Sql SaveCounts = Sql.Of("contents", "save_item_counts");
    private static readonly Sql FindKey = Sql.Of("contents", "find_item_key");
    private static readonly Sql FindStatus = Sql.Of("contents", "find_item_status");
    private static readonly Sql LastIndex = Sql.Of("contents", "last_item_index");
    private static readonly Sql InsertItem = Sql.Of("contents", "insert_item");
    private static readonly Sql UpdateItem = Sql.Of("contents", "update_item");

    private long _completed;
    private long _failed;

    public JobItemCounts Write(IReadOnlyList<JobItem> items)
    {
        (_completed, _failed) = db.First(LoadCounts, query => query.Bind(job), row => (row.Int64(), row.Int64()));
        foreach (var item in items) Write(item, item.Index ?? IndexOf(item.Key));
        db.Run(SaveCounts, save => save.Bind(job).Bind(_completed).Bind(_failed));
        return new JobItemCounts(_completed, _failed);
    }

    private void Write(JobItem item, long index)
    {
        if (TryWrite(InsertItem, item, index))
        {
            _completed++;
        }
        else
        {
            if (StatusOf(index) is JobItemStatus.Failed) _failed--;
            TryWrite(UpdateItem, item, index);
        }

        if (item.Status is JobItemStatus.Failed) _failed++;
    }

    private bool TryWrite(Sql sql, JobItem item, long index)
    {
        using var write = db.Use(sql);
        write.Bind(job).Bind(index).Bind(item.Key).Bind((long)item.Status).Bind(item.Result.Span).Bind(StoredJson.Write(item.Error));
        return write.Run() == 1;
    }

    /// <summary>Where the item with this key lies, or the place after the last one.</summary>
    private long IndexOf(string key)
    {
        using var find = db.Use(FindKey);
        if (find.Bind(job).Bind(key).Step()) return find.Int64();
        using var last = db.Use(LastIndex);
        last.Bind(job).Step();
        return (last.Int64OrNull() ?? -1) + 1;
    }

    private JobItemStatus StatusOf(long index)
    {
        using var find = db.Use(FindStatus);
        find.Bind(job).Bind(index).Step();
        return (JobItemStatus)find.Int64();
    }
}

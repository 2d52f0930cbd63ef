namespace Errand.Storage.PostgreSql;

/// <summary>Writes outcomes of items and keeps their counts: each item counts once, however often it is reported.</summary>
internal sealed class ItemWrites(Session session, long job)
{
    private static readonly Sql StartCounts = Sql.Of("contents", "start_item_counts");
    private static readonly Sql LoadCounts = Sql.Of("contents", "load_item_counts");
    private static readonly Sql FindKeys = Sql.Of("contents", "find_item_keys");
    private static readonly Sql LastIndex = Sql.Of("contents", "last_item_index");
    private static readonly Sql FindStatuses = Sql.Of("contents", "find_item_statuses");
    private static readonly Sql SaveItems = Sql.Of("contents", "save_items");
    private static readonly Sql SaveCounts = Sql.Of("contents", "save_item_counts");

    private readonly Dictionary<int, JobItem> _items = [];
    private Dictionary<string, int> _indexByKey = [];
    private long _completed;
    private long _failed;
    private int _last;

    public async ValueTask<JobItemCounts?> WriteAsync(IReadOnlyList<JobItem> items)
    {
        await LoadAsync(items);
        foreach (var item in items) Place(item);
        await CountAsync();
        var rows = _items.OrderBy(item => item.Key).ToList();
        var batch = session.NewBatch();
        if (rows.Count > 0)
        {
            batch.Add(SaveItems).With(job).With(rows.Select(row => row.Key)).With(rows.Select(row => row.Value.Key))
                .With(rows.Select(row => (short)row.Value.Status)).With(rows.Select(row => InputRow.BytesOf(row.Value.Result)))
                .With(rows.Select(row => StoredJson.Write(row.Value.Error)));
        }

        batch.Add(SaveCounts).With(job).With(_completed).With(_failed);
        await session.CommitAsync(batch);
        return new JobItemCounts(_completed, _failed);
    }

    /// <summary>The row of the counts is locked first, so that reporters of one job come one after the other.</summary>
    private async ValueTask LoadAsync(IReadOnlyList<JobItem> items)
    {
        var keys = items.Where(item => item.Index is null).Select(item => item.Key).Distinct().ToList();
        var batch = session.NewBatch();
        batch.Add(StartCounts).With(job);
        batch.Add(LoadCounts).With(job);
        batch.Add(FindKeys).With(job).With(keys);
        batch.Add(LastIndex).With(job);
        await session.RunAsync(batch, async results =>
        {
            (_completed, _failed) = await results.FirstAsync(row => (row.Int64(), row.Int64()));
            _indexByKey = (await results.ListAsync(row => (Key: row.Text(), Index: row.Int32()))).ToDictionary(one => one.Key, one => one.Index, StringComparer.Ordinal);
            _last = await results.FirstAsync(row => row.Int32());
            return true;
        });
    }

    /// <summary>An item without an index lies where its key lies, or after the last one.</summary>
    private void Place(JobItem item)
    {
        var index = item.Index ?? (_indexByKey.TryGetValue(item.Key, out var known) ? known : _last + 1);
        if (_items.TryGetValue(index, out var former) && former.Key != item.Key && _indexByKey.GetValueOrDefault(former.Key, -1) == index)
        {
            _indexByKey.Remove(former.Key);
        }

        _items[index] = item;
        _indexByKey.TryAdd(item.Key, index);
        _last = Math.Max(_last, index);
    }

    private async ValueTask CountAsync()
    {
        var batch = session.NewBatch();
        batch.Add(FindStatuses).With(job).With(_items.Keys);
        var former = await session.RunAsync(batch, results => results.ListAsync(row => (Index: row.Int32(), Status: (JobItemStatus)row.Int16())));
        _completed += _items.Count - former.Count;
        _failed += _items.Values.Count(item => item.Status is JobItemStatus.Failed) - former.Count(one => one.Status is JobItemStatus.Failed);
    }
}

namespace Errand.Storage.Memory;

/// <summary>The items of one job, by index. Reports come nearly in order, so that a sorted array is appended to.</summary>
internal sealed class ItemTable
{
    private readonly SortedList<int, JobItem> _byIndex = [];
    private readonly Dictionary<string, int> _indexByKey = [];
    private long _failed;

    public JobItemCounts Counts => new(_byIndex.Count, _failed);

    public void Write(JobItem item)
    {
        var index = item.Index ?? (_indexByKey.TryGetValue(item.Key, out var known) ? known : NextIndex);
        if (_byIndex.TryGetValue(index, out var former)) Forget(index, former);
        _byIndex[index] = item with { Index = index, Result = item.Result.ToArray() };
        _indexByKey[item.Key] = index;
        if (item.Status is JobItemStatus.Failed) _failed++;
    }

    public IReadOnlyList<JobItem> List(ItemQuery query)
    {
        var page = new List<JobItem>();
        for (var i = FirstAfter(query.After); i < _byIndex.Count && page.Count < query.Limit; i++)
        {
            var item = _byIndex.GetValueAtIndex(i);
            if (query.Status is null || item.Status == query.Status) page.Add(item);
        }

        return page;
    }

    private int NextIndex => _byIndex.Count == 0 ? 0 : _byIndex.GetKeyAtIndex(_byIndex.Count - 1) + 1;

    private void Forget(int index, JobItem former)
    {
        if (former.Status is JobItemStatus.Failed) _failed--;
        if (_indexByKey.TryGetValue(former.Key, out var named) && named == index) _indexByKey.Remove(former.Key);
    }

    private int FirstAfter(int index)
    {
        var (low, high) = (0, _byIndex.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_byIndex.GetKeyAtIndex(middle) <= index) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}

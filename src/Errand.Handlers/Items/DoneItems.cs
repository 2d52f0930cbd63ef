namespace Errand.Handlers;

/// <summary>
/// Walks beside the items of a job, in order, and tells which already have an outcome from an earlier attempt. Holds one page of them.
/// </summary>
internal sealed class DoneItems(JobContext context)
{
    private const int Page = 1000;

    private IReadOnlyList<JobItem> _page = [];
    private int _at;
    private int _after = -1;
    private bool _ended;

    /// <summary>The outcome of the item at an index, if it has one. Indexes must grow from call to call.</summary>
    public async ValueTask<JobItem?> FindAsync(int index, CancellationToken cancellationToken)
    {
        while (true)
        {
            for (; _at < _page.Count; _at++)
            {
                var item = _page[_at];
                if (item.Index == index) return item;
                if (item.Index > index) return null;
            }

            if (_ended) return null;
            // What this attempt writes lies before the index that is asked for, so a page never shows it as done before.
            _after = Math.Max(_after, index - 1);
            _page = await context.ListItemsAsync(_after, Page, cancellationToken);
            _at = 0;
            _ended = _page.Count < Page;
            if (_page.Count > 0) _after = _page[^1].Index ?? _after;
        }
    }
}

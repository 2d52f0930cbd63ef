using System.Threading.Channels;

namespace Errand.Handlers;

/// <summary>
/// Writes item outcomes as many at once as have gathered while the last ones were written, and reports the counts as progress. Holds a
/// bounded number, so that a job of a million items stays small.
/// </summary>
internal sealed class ItemWriter : IAsyncDisposable
{
    private const int Batch = 500;

    private readonly Channel<JobItem> _items = Channel.CreateBounded<JobItem>(new BoundedChannelOptions(2 * Batch) { SingleReader = true });
    private readonly CancellationTokenSource _failed = new();
    private readonly JobContext _context;
    private readonly Task _writing;
    private Exception? _error;

    public ItemWriter(JobContext context)
    {
        _context = context;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Raised when items cannot be stored any more: going on would be work for nothing.</summary>
    public CancellationToken Failed => _failed.Token;

    /// <summary>What is counted in all, as far as is known; null for the number that the job was submitted with.</summary>
    public long? Total { get; set; }

    /// <summary>Whether the counts are reported as progress. Default: true.</summary>
    public bool Reports { get; set; } = true;

    /// <summary>The counts that were stored last.</summary>
    public JobItemCounts? Counts { get; private set; }

    public async ValueTask AddAsync(JobItem item, CancellationToken cancellationToken)
    {
        try
        {
            await _items.Writer.WriteAsync(item, cancellationToken);
        }
        catch (ChannelClosedException) when (_error is not null)
        {
            // What went wrong is thrown by CompleteAsync; here it only stops whoever produces items.
            throw new OperationCanceledException(Failed);
        }
    }

    /// <summary>Writes what is left. Throws what kept it from being written.</summary>
    public async Task CompleteAsync()
    {
        _items.Writer.TryComplete();
        await _writing;
        if (_error is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_error);
    }

    /// <summary>Writes what is left, also when the handler leaves by an exception: what was done is not done again.</summary>
    public async ValueTask DisposeAsync()
    {
        _items.Writer.TryComplete();
        await _writing;
        _failed.Dispose();
    }

    private async Task WriteAsync()
    {
        var batch = new List<JobItem>(Batch);
        try
        {
            while (await _items.Reader.WaitToReadAsync(CancellationToken.None))
            {
                while (batch.Count < Batch && _items.Reader.TryRead(out var item)) batch.Add(item);
                var counts = await _context.WriteItemsAsync(batch.ToArray(), CancellationToken.None);
                batch.Clear();
                Counts = counts;
                if (Reports) Report(counts);
            }
        }
        catch (Exception e)
        {
            _error = e;
            _items.Writer.TryComplete(e);
            await _failed.CancelAsync();
        }
    }

    private void Report(JobItemCounts counts) => _context.Report(new JobProgress
    {
        Completed = counts.Completed,
        Failed = counts.Failed,
        Total = Total ?? _context.Details.ItemCount,
        Unit = "items",
    });
}

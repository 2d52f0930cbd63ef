namespace Errand.Storage.Sqlite;

/// <summary>
/// Something to be written, and who waits for it. It may be run more than once: what was rolled back is run again by itself.
/// </summary>
internal abstract class WriteOperation(int rows, bool grows, CancellationToken cancellationToken)
{
    /// <summary>About how many rows it writes: what a transaction is bounded by.</summary>
    public int Rows => rows;

    /// <summary>Takes room that it does not give back, and so is refused while only settles still fit.</summary>
    public bool Grows => grows;

    public bool IsCanceled => cancellationToken.IsCancellationRequested;

    protected CancellationToken CancellationToken => cancellationToken;

    public abstract void Run(Transaction transaction);

    /// <summary>The commit is done: tells the caller.</summary>
    public abstract void Complete();

    public abstract void Cancel();

    public abstract void Fail(Exception exception);
}

internal sealed class WriteOperation<T>(Func<Transaction, T> act, int rows, bool grows, CancellationToken cancellationToken)
    : WriteOperation(rows, grows, cancellationToken)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override void Run(Transaction transaction) => _result = act(transaction);

    public override void Complete() => _done.TrySetResult(_result!);

    public override void Cancel() => _done.TrySetCanceled(CancellationToken);

    public override void Fail(Exception exception) => _done.TrySetException(exception);
}

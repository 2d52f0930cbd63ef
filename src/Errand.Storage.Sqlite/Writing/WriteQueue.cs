namespace Errand.Storage.Sqlite;

/// <summary>What waits for the writer. Taking empties it, so that everything that came during one commit shares the next.</summary>
internal sealed class WriteQueue
{
    private readonly object _door = new();
    private List<WriteOperation> _waiting = [];
    private bool _closed;

    /// <summary>False once the queue is closed.</summary>
    public bool TryAdd(WriteOperation operation)
    {
        lock (_door)
        {
            if (_closed) return false;
            _waiting.Add(operation);
            if (_waiting.Count == 1) Monitor.Pulse(_door);
            return true;
        }
    }

    /// <summary>Waits for operations and takes them all, in exchange for an empty list. False when the queue is closed and empty.</summary>
    public bool TakeAll(ref List<WriteOperation> operations)
    {
        lock (_door)
        {
            while (_waiting.Count == 0 && !_closed) Monitor.Wait(_door);
            (operations, _waiting) = (_waiting, operations);
            return operations.Count > 0;
        }
    }

    public void Close()
    {
        lock (_door)
        {
            _closed = true;
            Monitor.Pulse(_door);
        }
    }
}

namespace Errand.Storage.Memory;

/// <summary>Runs verbs: the fault before, one critical section, the fault after. Without faults the calling thread does it all.</summary>
internal sealed class MemoryVerbs(MemoryDatabase database, MemoryStorageFaults faults)
{
    public ValueTask<T> RunAsync<T>(StorageVerb verb, Func<MemoryDatabase, T> act, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<T>(cancellationToken);
        return faults is { Before: null, After: null } ? new(Run(act)) : RunFaultyAsync(verb, act, cancellationToken);
    }

    public async ValueTask RunAsync(StorageVerb verb, Action<MemoryDatabase> act, CancellationToken cancellationToken) =>
        await RunAsync(verb, db => { act(db); return true; }, cancellationToken);

    private async ValueTask<T> RunFaultyAsync<T>(StorageVerb verb, Func<MemoryDatabase, T> act, CancellationToken cancellationToken)
    {
        if (faults.Before is { } before) await before(verb, cancellationToken);
        var result = Run(act);
        if (faults.After is { } after) await after(verb);
        return result;
    }

    private T Run<T>(Func<MemoryDatabase, T> act)
    {
        lock (database.Gate) return act(database);
    }
}

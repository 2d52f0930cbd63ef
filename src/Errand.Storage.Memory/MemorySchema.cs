namespace Errand.Storage.Memory;

internal sealed class MemorySchema(MemoryVerbs verbs, MemoryStorageFaults faults) : IStorageSchema
{
    public ValueTask MigrateAsync(DateTimeOffset asOf, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Migrate, _ => { }, cancellationToken);

    public ValueTask<StorageHealth> CheckAsync(CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.Check, _ => faults.Health, cancellationToken);
}

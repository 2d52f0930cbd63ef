using Errand.Conformance.Storage;

namespace Errand.Storage.Memory.Tests;

/// <summary>A store in memory survives a restart of what stands on it, not of the process.</summary>
public sealed class MemoryFixture : StorageFixture
{
    public override ValueTask<IJobStorage> OpenAsync() => ValueTask.FromResult<IJobStorage>(new MemoryStorage());

    public override ValueTask<IJobStorage> CrashAsync(IJobStorage storage) =>
        ValueTask.FromResult<IJobStorage>(((MemoryStorage)storage).Reopen());
}

public sealed class Submits(MemoryFixture fixture) : SubmitSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Idempotency(MemoryFixture fixture) : IdempotencySuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Finds(MemoryFixture fixture) : FindSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Lists(MemoryFixture fixture) : ListSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Claims(MemoryFixture fixture) : ClaimSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class ClaimOrder(MemoryFixture fixture) : ClaimOrderSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Applies(MemoryFixture fixture) : ApplySuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Settles(MemoryFixture fixture) : SettleSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Deadlines(MemoryFixture fixture) : DeadlineSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Sessions(MemoryFixture fixture) : SessionSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Progress(MemoryFixture fixture) : ProgressSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Messages(MemoryFixture fixture) : MessageSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Items(MemoryFixture fixture) : ItemSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Outputs(MemoryFixture fixture) : OutputSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Fencing(MemoryFixture fixture) : FencingSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Uploads(MemoryFixture fixture) : UploadSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Retention(MemoryFixture fixture) : RetentionSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Catalog(MemoryFixture fixture) : CatalogSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Schedules(MemoryFixture fixture) : ScheduleSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Security(MemoryFixture fixture) : SecuritySuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Identity(MemoryFixture fixture) : IdentitySuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Files(MemoryFixture fixture) : FilesSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Schema(MemoryFixture fixture) : SchemaSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Races(MemoryFixture fixture) : RaceSuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Walks(MemoryFixture fixture) : ModelSuite(fixture), IClassFixture<MemoryFixture>
{
    protected override int Count => 3 * base.Count;

    protected override (int Jobs, int Workers, int Claims) Bounds => (1, 2, 1);
}

public sealed class Durability(MemoryFixture fixture) : DurabilitySuite(fixture), IClassFixture<MemoryFixture>;

public sealed class Completeness : SuiteCompleteness<MemoryFixture>
{
    protected override IReadOnlyDictionary<Type, string> Excused { get; } = new Dictionary<Type, string>
    {
        [typeof(TransactionalSuite)] = "Memory has no database that a transaction of the app could be on.",
    };
}

using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>The state of a store.</summary>
public abstract class SchemaSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task A_migrated_store_is_healthy_and_accepts_submits()
    {
        var health = await Storage.Schema.CheckAsync(Stop);

        Expect.Equal(StorageStatus.Healthy, health.Status, $"it was just made; it says: {string.Join(' ', health.Reasons)}");
        Expect.Equal(0, health.Reasons.Count, "a healthy store has nothing to explain");
        Expect.That(health.AcceptsSubmits, "there is room");
        Expect.That(health.SchemaVersion >= 1, "versions count from 1");
    }

    [Fact]
    public void A_store_has_a_name() =>
        Expect.That(JobNames.IsTypeOrQueue(Storage.Name), "the name is used in logs, metrics and error messages");
}

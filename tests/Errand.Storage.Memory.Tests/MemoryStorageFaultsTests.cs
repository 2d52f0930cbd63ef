using Microsoft.Extensions.DependencyInjection;

namespace Errand.Storage.Memory.Tests;

/// <summary>A store that fails on demand fails as a real one would.</summary>
public sealed class MemoryStorageFaultsTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryStorageFaults _faults = new();
    private readonly MemoryStorage _storage;
    private readonly JobHead _head = new()
    {
        Tenant = "acme",
        Id = JobId.New(Noon),
        Type = "t",
        Queue = "default",
        Owner = "ada",
        CreatedAt = Noon,
        DueAt = Noon,
    };

    public MemoryStorageFaultsTests() => _storage = new MemoryStorage(_faults);

    [Fact]
    public async Task A_fault_before_a_verb_leaves_nothing_written()
    {
        _faults.Before = (verb, _) => verb is StorageVerb.Submit ? throw new StorageException(StorageFault.Full, "No room.") : default;

        var fault = await Assert.ThrowsAsync<StorageException>(async () => await SubmitAsync());

        Assert.Equal(StorageFault.Full, fault.Fault);
        Assert.Null((await FindAsync()).Job);
    }

    [Fact]
    public async Task A_fault_after_a_verb_loses_the_answer_but_not_the_job()
    {
        _faults.After = verb => verb is StorageVerb.Submit ? throw new OutcomeUnknownException("The line went dead.") : default;

        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await SubmitAsync());

        Assert.NotNull((await FindAsync()).Job);
    }

    [Fact]
    public async Task A_fault_that_waits_makes_one_verb_slow_and_no_other()
    {
        var gate = new TaskCompletionSource();
        _faults.Before = (verb, _) => verb is StorageVerb.Submit ? new ValueTask(gate.Task) : default;

        var submit = SubmitAsync().AsTask();
        Assert.Null((await FindAsync()).Job);
        Assert.False(submit.IsCompleted);

        gate.SetResult();
        await submit;
        Assert.NotNull((await FindAsync()).Job);
    }

    [Fact]
    public async Task A_stated_health_is_answered()
    {
        _faults.Health = _faults.Health with { Status = StorageStatus.Degraded, AcceptsSubmits = false };

        var health = await _storage.Schema.CheckAsync(TestContext.Current.CancellationToken);

        Assert.Equal((StorageStatus.Degraded, false), (health.Status, health.AcceptsSubmits));
    }

    [Fact]
    public void Registering_memory_takes_the_place_of_another_store()
    {
        var builder = new Builder();
        builder.Services.AddSingleton<IJobStorage>(_ => throw new InvalidOperationException("It was replaced."));

        builder.UseMemory(_faults);

        var factory = Assert.Single(builder.Services, service => service.ServiceType == typeof(IJobStorage)).ImplementationFactory!;
        Assert.IsType<MemoryStorage>(factory(null!));
    }

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    private ValueTask<BatchOutcome> SubmitAsync()
    {
        var batch = new JobBatch([new NewJob(_head, JobDetails.None, JobInput.None)], Atomic: false, Idempotency: null, Noon);
        return _storage.Jobs.SubmitAsync(batch, TestContext.Current.CancellationToken);
    }

    private ValueTask<JobLookup> FindAsync() => _storage.Jobs.FindAsync(_head.Key, JobParts.Status, TestContext.Current.CancellationToken);

    private sealed class Builder : IErrandBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();
    }
}

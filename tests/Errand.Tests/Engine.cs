using Errand.Hosting;
using Errand.Storage;
using Errand.Storage.Memory;
using Errand.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Errand;

/// <summary>The engine over a store in memory, with a clock that only the test moves. Sweeps run when the test says so.</summary>
public sealed class Engine : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Engine(ServiceProvider services, FakeTimeProvider time, MemoryStorageFaults faults) =>
        (_services, Time, Faults) = (services, time, faults);

    public FakeTimeProvider Time { get; }

    public MemoryStorageFaults Faults { get; }

    public IJobClient Client => ClientOf("alice");

    public IJobContents Contents => Get<IJobClients>().ContentsFor(Caller("alice"));

    public IJobSource Source => Get<IJobSource>();

    public IJobStorage Storage => Get<IJobStorage>();

    public DateTimeOffset Now => Time.GetUtcNow();

    public static async Task<Engine> StartAsync(
        IEnumerable<JobType>? types = null, Action<ErrandOptions>? options = null, Action<IServiceCollection>? services = null, IJobStorage? storage = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        var faults = new MemoryStorageFaults();
        var collection = new ServiceCollection();
        collection.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        collection.AddSingleton<TimeProvider>(time);
        collection.AddSingleton<IHandlerCatalog>(new Declared([.. types ?? [new JobType { Name = "work" }]]));
        // A test that claims more than a worker's first slots is not about slow starts, unless it says so.
        collection.AddErrand(set =>
        {
            set.SlowStart = TimeSpan.Zero;
            options?.Invoke(set);
        }).UseMemory(faults);
        if (storage is not null) collection.Replace(ServiceDescriptor.Singleton(storage));
        collection.RemoveAll<ISweep>();
        services?.Invoke(collection);
        var engine = new Engine(collection.BuildServiceProvider(), time, faults);
        await engine.Get<ErrandHost>().StartingAsync(TestContext.Current.CancellationToken);
        return engine;
    }

    public static JobCaller Caller(string subject, string tenant = JobNames.DefaultTenant) => new(tenant, subject);

    public IJobClient ClientOf(string subject, string tenant = JobNames.DefaultTenant) => As(Caller(subject, tenant));

    public IJobClient As(JobCaller caller) => Get<IJobClients>().For(caller);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Makes a sweep, to be run by hand.</summary>
    internal T Sweep<T>()
        where T : ISweep => ActivatorUtilities.GetServiceOrCreateInstance<T>(_services);

    public async Task<Job> SubmitAsync(string type = "work", Func<JobSubmission, JobSubmission>? change = null)
    {
        var submission = new JobSubmission { Type = type };
        return (await Client.SubmitAsync(change?.Invoke(submission) ?? submission)).Job;
    }

    public async Task<Job> FindAsync(Job job, JobParts parts = JobParts.Attempts) =>
        (await As(JobCaller.System(job.Head.Tenant)).FindAsync(job.Head.Id, parts)).Job!;

    /// <summary>Opens a worker session that runs the given types, from every queue.</summary>
    internal async Task<TestWorker> OpenWorkerAsync(int slots = 4, string? tenant = null, params string[] types)
    {
        var worker = new TestWorker(Source);
        await worker.OpenAsync(new SessionRequest("test-1", types is [] ? ["work"] : types, [], slots, tenant));
        return worker;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class Declared(IReadOnlyList<JobType> types) : IHandlerCatalog
    {
        public IReadOnlyList<HandlerRegistration> Handlers { get; } = [.. types.Select(type => new HandlerRegistration(type, null))];
    }
}

/// <summary>A worker session in the hand of the test.</summary>
internal sealed class TestWorker(IJobSource source) : ISessionListener
{
    public OpenedSession Session { get; private set; } = null!;

    public List<JobTicket> Canceled { get; } = [];

    public async Task OpenAsync(SessionRequest request) => Session = await source.OpenAsync(request, this, CancellationToken.None);

    public ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(int limit = 10, string queue = "*") =>
        source.ClaimAsync(Session.Id, [new QueueDemand(queue, limit)], CancellationToken.None);

    public async Task<ClaimedJob> ClaimOneAsync() => Assert.Single(await ClaimAsync(1));

    public ValueTask<bool> BeatAsync() => source.BeatAsync(Session.Id, CancellationToken.None);

    public async Task<bool> SettleAsync(ClaimedJob job, JobOutcome outcome) =>
        (await source.SettleAsync([new Settlement(job.Ticket, outcome)], CancellationToken.None))[0];

    public Task<bool> SucceedAsync(ClaimedJob job, string? result = null) => SettleAsync(
        job, result is null ? JobOutcome.Succeeded.Empty : new JobOutcome.Succeeded(System.Text.Encoding.UTF8.GetBytes(result)));

    public Task<bool> FailAsync(ClaimedJob job, bool retryable = true, string code = "broken") =>
        SettleAsync(job, new JobOutcome.Failed(new JobError(code, "It broke.", retryable)));

    public Task WaitForWorkAsync(TimeSpan timeout) => source.WaitForWorkAsync(Session.Id, timeout, CancellationToken.None).AsTask();

    public void OnCancel(JobTicket ticket)
    {
        lock (Canceled) Canceled.Add(ticket);
    }
}

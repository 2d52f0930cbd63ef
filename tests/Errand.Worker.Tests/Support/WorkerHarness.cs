using Errand.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Errand.Worker.Tests;

/// <summary>A worker over a fake source and a clock that the test moves.</summary>
internal sealed class WorkerHarness : IAsyncDisposable, IErrandBuilder
{
    private ServiceProvider? _provider;

    public FakeSource Source { get; } = new();

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public IServiceCollection Services { get; } = new ServiceCollection();

    public JobWorker Worker => (JobWorker)_provider!.GetServices<IHostedService>().Single();

    public WorkerHarness Handle(Func<JobContext, CancellationToken, ValueTask<JobOutcome>> run, string type = "test.job", TimeSpan? timeout = null)
    {
        this.AddHandler(new JobType { Name = type, Timeout = timeout }, _ => new Handler(run));
        return this;
    }

    public async Task<WorkerHarness> StartAsync(Action<WorkerOptions>? configure = null, TimeProvider? clock = null)
    {
        this.AddWorker(configure);
        Services.AddSingleton<IJobSource>(Source).AddSingleton(clock ?? Clock).AddLogging(logging => logging.SetMinimumLevel(LogLevel.None)).AddMetrics();
        _provider = Services.BuildServiceProvider();
        await Worker.StartAsync(CancellationToken.None);
        return this;
    }

    public Task StopAsync() => Worker.StopAsync(CancellationToken.None);

    public async Task<Settlement> SettledAsync() => await Within(Source.Settled.Reader.ReadAsync().AsTask());

    /// <summary>Moves the clock on in steps until the task ends: for what another thread waits for.</summary>
    public async Task<T> AdvanceUntilAsync<T>(Task<T> task, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            Clock.Advance(step);
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System));
        }

        return await task;
    }

    public static Task<T> Within<T>(Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);

    public static Task Within(Task task) => task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        if (_provider is not null) await _provider.DisposeAsync();
    }

    private sealed class Handler(Func<JobContext, CancellationToken, ValueTask<JobOutcome>> run) : IJobHandler
    {
        public ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken) => run(context, cancellationToken);
    }
}

using Errand.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Errand.Load;

/// <summary>An app that embeds the engine with one no-op type.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    public const string NoOp = "bench.noop";
    private static readonly ReadOnlyMemory<byte> Input = System.Text.Encoding.UTF8.GetBytes($"\"{new string('x', 198)}\"");
    private readonly IHost _host;
    private readonly string _folder;
    private TaskCompletionSource<long> _start = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EngineHost(IHost host, string folder) => (_host, _folder) = (host, folder);

    public IJobClient Client => _host.Services.GetRequiredService<IJobClients>().For(JobCaller.System());

    public static async Task<EngineHost> StartAsync(bool paused)
    {
        var folder = Directory.CreateTempSubdirectory("errand-bench-").FullName;
        EngineHost? bench = null;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddErrand().UseSqlite(folder).AddHandler(new JobType { Name = NoOp }, _ => new NoOpHandler(() => bench?.Started()));
        bench = new EngineHost(builder.Build(), folder);
        await bench._host.StartAsync();
        if (paused) await bench.Queues.SaveAsync(new QueueSettings(JobNames.DefaultQueue, Paused: true));
        return bench;
    }

    public static JobSubmission New() => new() { Type = NoOp, Input = Input };

    public async Task SubmitAsync(int jobs)
    {
        for (var n = 0; n < jobs / 1000; n++) await Client.SubmitManyAsync([.. Enumerable.Range(0, 1000).Select(_ => New())], atomic: true);
    }

    public Task<long> NextStart()
    {
        _start = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _start.Task;
    }

    public async Task ResumeAsync() => await Queues.SaveAsync(new QueueSettings(JobNames.DefaultQueue));

    public async Task WaitForSettledAsync(long jobs)
    {
        while ((await Queues.CountAsync(null)).Where(count => count.State == JobState.Succeeded).Sum(count => count.Jobs) < jobs)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private IJobQueues Queues => _host.Services.GetRequiredService<IJobQueues>();

    private void Started() => _start.TrySetResult(TimeProvider.System.GetTimestamp());

    private sealed class NoOpHandler(Action started) : IJobHandler
    {
        public ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken)
        {
            started();
            return ValueTask.FromResult<JobOutcome>(JobOutcome.Succeeded.Empty);
        }
    }
}

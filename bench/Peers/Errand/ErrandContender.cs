using System.Text;
using Errand.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Errand.Peers;

/// <summary>An app that embeds the engine with one no-op type.</summary>
internal sealed class ErrandContender(Action<IErrandBuilder> useStore) : Contender
{
    private const string NoOp = "bench.noop";
    private static readonly ReadOnlyMemory<byte> Input = Encoding.UTF8.GetBytes($"\"{Argument}\"");
    private IHost? _host;

    public override string Version => typeof(IErrandBuilder).Assembly.GetName().Version!.ToString(3);

    public override IReadOnlyList<string> Settings => ["defaults: a worker of max(4, 2 × processors) slots that claims up to 1,000 jobs ahead"];

    public override async Task OpenAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var errand = builder.Services.AddErrand();
        useStore(errand);
        errand.AddHandler(new JobType { Name = NoOp }, _ => new NoOpHandler(Run));
        _host = builder.Build();
        await _host.StartAsync();
    }

    public override async Task SubmitAsync() => await Client.SubmitAsync(New());

    public override async Task SubmitManyAsync(int jobs)
    {
        var batch = new JobSubmission[jobs];
        for (var n = 0; n < jobs; n++) batch[n] = New();
        await Client.SubmitManyAsync(batch, atomic: true);
    }

    public override async Task StartWorkerAsync() => await Queues.SaveAsync(new QueueSettings(JobNames.DefaultQueue));

    public override async Task StopWorkerAsync() => await Queues.SaveAsync(new QueueSettings(JobNames.DefaultQueue, Paused: true));

    public override async Task<long> UnfinishedAsync() =>
        (await Queues.CountAsync(null)).Where(count => count.State is JobState.Queued or JobState.Running or JobState.Canceling).Sum(count => count.Jobs);

    public override async ValueTask DisposeAsync()
    {
        if (_host is null) return;
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private IJobClient Client => field ??= Services.GetRequiredService<IJobClients>().For(JobCaller.System());

    private IJobQueues Queues => field ??= Services.GetRequiredService<IJobQueues>();

    private IServiceProvider Services => (_host ?? throw new InvalidOperationException("It is not open.")).Services;

    private static JobSubmission New() => new() { Type = NoOp, Input = Input };

    private sealed class NoOpHandler(Action run) : IJobHandler
    {
        public ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken)
        {
            run();
            return ValueTask.FromResult<JobOutcome>(JobOutcome.Succeeded.Empty);
        }
    }
}

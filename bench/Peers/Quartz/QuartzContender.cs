using Npgsql;
using Quartz;

namespace Errand.Peers.QuartzNet;

/// <summary>Quartz.NET with its AdoJobStore on PostgreSQL: one durable job, and a trigger that starts now for each submit.</summary>
internal sealed class QuartzContender(string connection) : Contender
{
    private const int Threads = 25;
    private static readonly JobKey Job = new("noop");
    private static QuartzContender? _running;
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connection);
    private IScheduler? _scheduler;

    public override string Version => typeof(IScheduler).Assembly.GetName().Version!.ToString(3);

    public override IReadOnlyList<string> Settings =>
    [
        $"{Threads} threads; batches as large as its thread pool, its default since 4.3 (QuartzSchedulerOptions.MaxBatchSize)",
        "UsePersistentStore, UsePostgres, UseClustering, System.Text.Json: quartz-scheduler.net, Job Stores; one durable job with a trigger for each submit, so that one row less is written",
        "ScheduleJobs for many: a job with 1,000 triggers a call",
    ];

    public override async Task OpenAsync()
    {
        _running = this;
        _scheduler = await QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.UseDefaultThreadPool(Threads);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(connection);
                store.UseSystemTextJsonSerializer();
                store.UseClustering();
                store.ProvisionSchema();
            });
        }).BuildScheduler();
        await _scheduler.AddJob(JobBuilder.Create<NoOp>().WithIdentity(Job).StoreDurably().Build());
    }

    public override async Task SubmitAsync() => await _scheduler!.ScheduleJob(NewTrigger(Job));

    public override async Task SubmitManyAsync(int jobs)
    {
        var job = JobBuilder.Create<NoOp>().WithIdentity(Guid.NewGuid().ToString("N")).Build();
        var triggers = new ITrigger[jobs];
        for (var n = 0; n < jobs; n++) triggers[n] = NewTrigger(job.Key);
        await _scheduler!.ScheduleJobs(new Dictionary<IJobDetail, IReadOnlyCollection<ITrigger>> { [job] = triggers }, new ScheduleJobOptions());
    }

    public override async Task StartWorkerAsync() => await _scheduler!.Start();

    public override async Task StopWorkerAsync() => await _scheduler!.Standby();

    public override async Task<long> UnfinishedAsync()
    {
        await using var command = _source.CreateCommand("SELECT count(*) FROM qrtz_triggers");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_scheduler is not null) await _scheduler.Shutdown();
        await _source.DisposeAsync();
    }

    private static ITrigger NewTrigger(JobKey job) =>
        TriggerBuilder.Create().WithIdentity(Guid.NewGuid().ToString("N")).ForJob(job).UsingJobData("argument", Argument).StartNow().Build();

    /// <summary>The job.</summary>
    public sealed class NoOp : IJob
    {
        /// <inheritdoc/>
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            _running!.Run();
            return ValueTask.CompletedTask;
        }
    }
}

using System.Threading.Channels;
using Errand.Storage;
using Errand.Work;
using Microsoft.Extensions.Logging;

namespace Errand.Signals;

/// <summary>
/// Hears what other nodes on the same store tell, and wakes who waits here. A hint is never believed: whoever is woken reads the job.
/// </summary>
internal sealed partial class HintEar(
    IJobStorage storage, JobWaiters waiters, ChangeFeed feed, LiveSessions sessions, ILogger<HintEar> logger) : IJobHints, IAsyncDisposable, IDisposable
{
    private const int Backlog = 4_096;

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<JobKey> _followed = Channel.CreateBounded<JobKey>(
        new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private Task _running = Task.CompletedTask;

    public void Start()
    {
        if (storage.Hints is { } hints) _running = Task.WhenAll(Task.Run(() => hints.ListenAsync(this, _stop.Token)), Task.Run(FeedAsync));
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>After a start that failed nobody says <see cref="StopAsync"/>: the container waits here before it closes the store.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();

    public void Dispose() => _stop.Cancel();

    public void Changed(JobKey job, long version, bool finished)
    {
        waiters.Changed(job, version, finished);
        if (feed.IsFollowed(job.Tenant)) _followed.Writer.TryWrite(job);
    }

    public void Progressed(JobKey job, long sequence) => waiters.Progressed(job, sequence);

    public void WorkCame(string tenant, string queue, string type) => sessions.WorkCame(tenant, queue, type);

    /// <summary>Those who follow many jobs are told of heads, which hints do not carry.</summary>
    private async Task FeedAsync()
    {
        try
        {
            await foreach (var job in _followed.Reader.ReadAllAsync(_stop.Token))
            {
                if (await FindAsync(job) is { } head) feed.Changed(head);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async ValueTask<JobHead?> FindAsync(JobKey job)
    {
        try
        {
            return (await storage.Jobs.FindAsync(job, JobParts.Status, _stop.Token)).Job?.Head;
        }
        catch (StorageException exception)
        {
            NotRead(logger, exception, job.Id);
            return null;
        }
    }

    [LoggerMessage(1130, LogLevel.Warning, "Job {Job}, of which another node told, could not be read; who follows many jobs hears of it with the next look.")]
    private static partial void NotRead(ILogger logger, Exception exception, JobId job);
}

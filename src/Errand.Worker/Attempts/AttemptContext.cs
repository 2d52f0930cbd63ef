using System.Runtime.CompilerServices;
using System.Text.Json;
using Errand.Storage;
using Errand.Work;
using Microsoft.Extensions.Logging;

namespace Errand.Worker;

/// <summary>What a running handler reports with. Closed when the attempt is over: then nothing that it says counts.</summary>
internal sealed class AttemptContext(
    ClaimedJob job, IJobReports reports, IServiceProvider services, JsonSerializerOptions json, TimeProvider time, ILogger logger,
    CancellationToken cancellation) : JobContext
{
    private const int LongestText = 16 * 1024;

    private readonly JobTicket _ticket = job.Ticket;
    private MessageBuffer? _messages;
    private volatile bool _reported;
    private volatile bool _closed;

    public override JobHead Head => job.Head;

    public override JobDetails Details => job.Details;

    public override JobInput Input => job.Input;

    public override IServiceProvider Services => services;

    public override JsonSerializerOptions SerializerOptions => json;

    public override CancellationToken Cancellation => cancellation;

    public override void Report(JobProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        // Never throws: Progress<T> posts reports to the pool, where an exception of a late one would end the process.
        if (_closed) return;
        _reported = true;
        reports.ReportProgress(_ticket, value with
        {
            Percent = value.Percent is { } percent && double.IsFinite(percent) ? Math.Clamp(percent, 0, 100) : null,
            UpdatedAt = value.UpdatedAt == default ? time.GetUtcNow() : value.UpdatedAt,
        });
    }

    public override ValueTask LogAsync(JobSeverity severity, string text, int? source = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ThrowIfClosed();
        return (_messages ?? OpenMessages()).AddAsync(Message(severity, text, source), cancellationToken);
    }

    /// <summary>As <see cref="LogAsync"/>, without waiting: what does not fit, or comes too late, is left out.</summary>
    public void Offer(JobSeverity severity, string text)
    {
        if (!_closed) (_messages ?? OpenMessages()).Offer(Message(severity, text, null));
    }

    public override ValueTask<JobItemCounts> WriteItemsAsync(IReadOnlyList<JobItem> items, CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        return reports.WriteItemsAsync(_ticket, items, cancellationToken);
    }

    public override ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(int after, int limit, CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        return reports.ListItemsAsync(_ticket, after, limit, cancellationToken);
    }

    public override async IAsyncEnumerable<JobItemInput> ReadItemsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        await foreach (var item in reports.ReadItemsAsync(_ticket, cancellationToken)) yield return item;
    }

    public override ValueTask<JobOutput> PublishAsync(OutputDraft draft, CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        return reports.PublishAsync(_ticket, draft, cancellationToken);
    }

    /// <summary>Takes nothing more, and writes what was said so far: the settle must not overtake it.</summary>
    public async ValueTask CloseAsync(bool flush)
    {
        _closed = true;
        if (_messages is { } messages) await messages.CloseAsync(flush);
        if (!_reported || !flush) return;
        try
        {
            await reports.FlushAsync(_ticket, CancellationToken.None);
        }
        catch (Exception e) when (e is StorageException or LeaseLostException)
        {
            // The latest progress is the least of what a settle tells; the outcome must not wait for it.
            MessageBuffer.LogDropped(logger, e, Head.Id, 0);
        }
    }

    private JobMessage Message(JobSeverity severity, string text, int? source) => new()
    {
        Time = time.GetUtcNow(),
        Severity = severity,
        Text = text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText), "…"),
        Source = source,
        Attempt = Attempt,
    };

    private MessageBuffer OpenMessages()
    {
        var mine = new MessageBuffer(_ticket, reports, time, logger);
        return Interlocked.CompareExchange(ref _messages, mine, null) ?? mine;
    }

    private void ThrowIfClosed()
    {
        if (_closed) throw new LeaseLostException(_ticket);
    }
}

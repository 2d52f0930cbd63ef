using Errand.Signals;
using Errand.Storage;
using Microsoft.Extensions.Logging;

namespace Errand.Outputs;

/// <summary>
/// Progress in memory: the latest report of each running job, written about once a second and job, for many jobs in one write.
/// </summary>
internal sealed partial class ProgressBook : IDisposable
{
    /// <summary>A job's reports are at least this far apart in the store. With the write itself nothing that a reader sees is then older than a second.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(800);

    /// <summary>Reports of several jobs that come together are written together.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);

    /// <summary>A worker that is gone never settles: what it left behind is dropped after this long.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private readonly IJobStorage _storage;
    private readonly JobSignals _signals;
    private readonly TimeProvider _time;
    private readonly ILogger<ProgressBook> _logger;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<(long Job, long Token), ProgressEntry> _entries = [];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private volatile int _count;
    private bool _armed;

    public ProgressBook(IJobStorage storage, JobSignals signals, TimeProvider time, ILogger<ProgressBook> logger)
    {
        (_storage, _signals, _time, _logger) = (storage, signals, time, logger);
        _timer = time.CreateTimer(
            static book => _ = ((ProgressBook)book!).WriteDueAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>False when the claim is known to be over.</summary>
    public bool Report(JobTicket ticket, int? itemCount, JobProgress progress) =>
        Change(ticket, itemCount, entry => entry.Report(progress, _time.GetUtcNow()));

    public void Count(JobTicket ticket, int? itemCount, JobItemCounts counts) =>
        Change(ticket, itemCount, entry => entry.Count(counts, _time.GetUtcNow()));

    /// <summary>Writes what is held of these jobs, and waits for what is just being written.</summary>
    public async ValueTask FlushAsync(IEnumerable<JobTicket> tickets, CancellationToken cancellationToken)
    {
        if (_count == 0) return;
        List<ProgressEntry> held;
        lock (_gate) held = [.. tickets.Select(Find).OfType<ProgressEntry>()];
        if (held.Count > 0) await WriteAsync(held, cancellationToken);
    }

    public void Forget(JobTicket ticket)
    {
        if (_count == 0) return;
        lock (_gate)
        {
            _entries.Remove(KeyOf(ticket));
            _count = _entries.Count;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _writing.Dispose();
    }

    private bool Change(JobTicket ticket, int? itemCount, Action<ProgressEntry> change)
    {
        lock (_gate)
        {
            if (Find(ticket) is not { } entry)
            {
                _entries[KeyOf(ticket)] = entry = new ProgressEntry(ticket, itemCount) { NextWriteAt = _time.GetTimestamp() };
                _count = _entries.Count;
            }

            change(entry);
            if (!_armed) Arm(_time.GetElapsedTime(_time.GetTimestamp(), entry.NextWriteAt));
            return !entry.Lost;
        }
    }

    private ProgressEntry? Find(JobTicket ticket) => _entries.GetValueOrDefault(KeyOf(ticket));

    private static (long Job, long Token) KeyOf(JobTicket ticket) => (ticket.Sequence, ticket.Token);

    private void Arm(TimeSpan wait)
    {
        _armed = true;
        _timer.Change(wait > Gather ? wait : Gather, Timeout.InfiniteTimeSpan);
    }

    private async Task WriteDueAsync()
    {
        try
        {
            List<ProgressEntry> due;
            lock (_gate) due = [.. _entries.Values.Where(entry => entry is { Pending: true,
                Lost: false } && entry.NextWriteAt <= _time.GetTimestamp())];
            if (due.Count > 0) await WriteAsync(due, CancellationToken.None);
        }
        catch (Exception e)
        {
            // Nobody awaits this: what escaped here would end the writing without a word.
            WriteFailed(_logger, e);
        }
        finally
        {
            ArmAgain();
        }
    }

    private void ArmAgain()
    {
        lock (_gate)
        {
            _armed = false;
            var now = _time.GetTimestamp();
            foreach (var entry in _entries.Values.Where(entry => _time.GetElapsedTime(entry.NextWriteAt,
                now) > Forgotten).ToList()) _entries.Remove(
                KeyOf(entry.Ticket));
            _count = _entries.Count;
            var pending = _entries.Values.Where(entry => entry is { Pending: true, Lost: false }).ToList();
            if (pending.Count > 0) Arm(_time.GetElapsedTime(now, pending.Min(entry => entry.NextWriteAt)));
        }
    }

    /// <summary>One write at a time: what is flushed before a settle must not be overtaken by it.</summary>
    private async ValueTask WriteAsync(List<ProgressEntry> entries, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var reports = Take(entries);
            if (reports.Count == 0) return;
            var stored = await SaveAsync(reports, cancellationToken);
            for (var i = 0; i < reports.Count; i++)
            {
                if (stored[i] is { } progress) _signals.Progressed(reports[i].Ticket.Key, progress.Sequence);
                else MarkLost(reports[i].Ticket);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    private List<ProgressReport> Take(List<ProgressEntry> entries)
    {
        lock (_gate)
        {
            List<ProgressReport> reports = [];
            foreach (var entry in entries)
            {
                if (!entry.Pending) continue;
                entry.Pending = false;
                entry.NextWriteAt = _time.GetTimestamp() + (long)(Pace.TotalSeconds * _time.TimestampFrequency);
                reports.Add(new ProgressReport(entry.Ticket, entry.Latest!));
            }

            return reports;
        }
    }

    private async ValueTask<IReadOnlyList<JobProgress?>> SaveAsync(List<ProgressReport> reports, CancellationToken cancellationToken)
    {
        try
        {
            return await _storage.Contents.SaveProgressAsync(reports, cancellationToken);
        }
        catch
        {
            lock (_gate)
            {
                foreach (var report in reports)
                {
                    if (Find(report.Ticket) is { } entry) entry.Pending = true;
                }
            }

            throw;
        }
    }

    private void MarkLost(JobTicket ticket)
    {
        lock (_gate)
        {
            if (Find(ticket) is { } entry) entry.Lost = true;
        }
    }

    [LoggerMessage(1110, LogLevel.Warning, "Progress of running jobs could not be written; it is tried again in a second.")]
    private static partial void WriteFailed(ILogger logger, Exception exception);
}

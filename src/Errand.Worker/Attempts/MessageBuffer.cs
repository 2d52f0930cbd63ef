using Errand.Storage;
using Errand.Work;
using Microsoft.Extensions.Logging;

namespace Errand.Worker;

/// <summary>
/// Lines of one attempt, written together: a hundred at a time, or what there is after 100 ms. Holds at most a thousand; whoever says
/// more waits, so that a handler which logs a million lines neither blocks the store nor fills the memory.
/// </summary>
internal sealed partial class MessageBuffer(JobTicket ticket, IJobReports reports, TimeProvider time, ILogger logger)
{
    private const int Batch = 100;
    private const int Capacity = 1000;
    private const int Tries = 3;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private List<JobMessage> _waiting = [];
    private Task? _writing;
    private ITimer? _timer;
    private bool _armed;
    private bool _refused;
    private int _leftOut;

    public ValueTask AddAsync(JobMessage message, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_refused) throw new LeaseLostException(ticket);
            _waiting.Add(message);
            if (_waiting.Count >= Batch) Write();
            else Arm();
            return _waiting.Count < Capacity ? default : new ValueTask(_writing!.WaitAsync(cancellationToken));
        }
    }

    /// <summary>Takes a line if there is room for it now. How many were left out is said in a line of its own.</summary>
    public void Offer(JobMessage message)
    {
        lock (_gate)
        {
            if (_refused) return;
            if (_waiting.Count >= Capacity)
            {
                _leftOut++;
                return;
            }

            if (_leftOut > 0) _waiting.Add(message with { Severity = JobSeverity.Warning, Text = $"{_leftOut} lines of the log came too fast and are left out here." });
            _leftOut = 0;
            _waiting.Add(message);
            if (_waiting.Count >= Batch) Write();
            else Arm();
        }
    }

    /// <summary>Writes or drops what waits, and takes nothing more.</summary>
    public async ValueTask CloseAsync(bool flush)
    {
        Task? writing;
        lock (_gate)
        {
            _timer?.Dispose();
            if (!flush) _waiting.Clear();
            if (_waiting.Count > 0) Write();
            writing = _writing;
        }

        if (writing is not null && flush) await writing;
        lock (_gate) _refused = true;
    }

    private void Arm()
    {
        if (_armed || _writing is not null) return;
        _armed = true;
        if (_timer is null) _timer = time.CreateTimer(static state => ((MessageBuffer)state!).OnTimer(), this, Delay, Timeout.InfiniteTimeSpan);
        else _timer.Change(Delay, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _armed = false;
            if (_waiting.Count > 0) Write();
        }
    }

    private void Write() => _writing ??= Task.Run(WriteAllAsync);

    private async Task WriteAllAsync()
    {
        while (true)
        {
            List<JobMessage> lines;
            lock (_gate)
            {
                if (_waiting.Count is 0)
                {
                    _writing = null;
                    return;
                }

                (lines, _waiting) = (_waiting, []);
            }

            await AppendAsync(lines);
        }
    }

    private async Task AppendAsync(List<JobMessage> lines)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await reports.AppendMessagesAsync(ticket, lines, CancellationToken.None);
                return;
            }
            catch (StorageException) when (attempt < Tries)
            {
                await Task.Delay(attempt * Delay, time, CancellationToken.None);
            }
            catch (LeaseLostException)
            {
                lock (_gate)
                {
                    _refused = true;
                    _waiting.Clear();
                }

                return;
            }
            catch (Exception e)
            {
                LogDropped(logger, e, ticket.Key.Id, lines.Count);
                return;
            }
        }
    }

    [LoggerMessage(1230, LogLevel.Warning, "Reports of job {Job} could not be stored: {Lines} lines of its log are lost.")]
    internal static partial void LogDropped(ILogger logger, Exception e, JobId job, int lines);
}

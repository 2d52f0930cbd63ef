using Errand.Work;
using Microsoft.Extensions.Logging;

namespace Errand.Worker;

/// <summary>
/// Keeps a session with two threads of its own. One beats; the other watches the time, because a beat that hangs in the store cannot.
/// When the session cannot be renewed its handlers are stopped one beat before anyone else may run their jobs.
/// </summary>
internal sealed partial class SessionKeeper : IDisposable
{
    private readonly IJobSource _source;
    private readonly WorkSession _session;
    private readonly TimeProvider _time;
    private readonly WorkerTelemetry _telemetry;
    private readonly ILogger _logger;
    private readonly Action _afterBeat;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Pacer _beats;
    private readonly Pacer _watch;
    private readonly Thread[] _threads;

    public SessionKeeper(
        IJobSource source, WorkSession session, TimeProvider time, WorkerTelemetry telemetry, ILogger logger, Action afterBeat)
    {
        (_source, _session, _time, _telemetry, _logger, _afterBeat) = (source, session, time, telemetry, logger, afterBeat);
        _beats = new Pacer(time);
        _watch = new Pacer(time);
        _threads =
        [
            new Thread(Beat) { IsBackground = true, Name = "errand beat", Priority = ThreadPriority.AboveNormal },
            new Thread(Watch) { IsBackground = true, Name = "errand watch", Priority = ThreadPriority.AboveNormal },
        ];
    }

    public void Start()
    {
        foreach (var thread in _threads) thread.Start();
    }

    /// <summary>Ends both threads; a beat under way is told to stop and not waited for.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _beats.Stop();
        _watch.Stop();
    }

    private void Beat()
    {
        var failing = false;
        while (_beats.Wait(_session.BeatEvery) && !_session.IsLost)
        {
            var begunAt = _time.GetTimestamp();
            try
            {
                if (!_source.BeatAsync(_session.Id, _stopping.Token).AsTask().GetAwaiter().GetResult())
                {
                    Lose("the store does not know it any more");
                    return;
                }

                _session.Renew(begunAt);
                if (failing) LogBeating(_session.Id);
                failing = false;
                _afterBeat();
            }
            catch (Exception e) when (!_stopping.IsCancellationRequested)
            {
                if (!failing) LogNotBeating(e, _session.Id);
                failing = true;
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                // The session is over, and a beat of it may still have hung in the store. Nobody above this thread would catch what came of that.
                return;
            }
        }
    }

    private void Watch()
    {
        while (_watch.Wait(_session.Left) && !_session.IsLost)
        {
            if (_session.Left > TimeSpan.Zero) continue;
            Lose("it could not be renewed in time");
            return;
        }
    }

    private void Lose(string reason)
    {
        if (!_session.Lose()) return;
        _telemetry.SessionLost();
        LogLost(_session.Id, reason, _session.Attempts.Count());
    }
}

using System.Threading.Tasks.Sources;

namespace Errand.Signals;

/// <summary>
/// An asynchronous auto-reset event for one waiter, without an allocation a wait and without exceptions for a time-out: whoever ends the
/// wait – a signal, an alarm, a cancelled token – sets it, and the waiter looks again at what it waits for.
/// </summary>
internal class Pulse : IValueTaskSource
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private bool _set;
    private bool _waiting;

    /// <summary>When its alarm rings; 0 when none is set. Belongs to <see cref="Alarms"/>.</summary>
    internal long AlarmAt { get; set; }

    /// <summary>Ends the current wait, or the next one at once.</summary>
    public void Set()
    {
        lock (_gate)
        {
            if (!_waiting)
            {
                _set = true;
                return;
            }

            _waiting = false;
        }

        _core.SetResult(true);
    }

    /// <summary>Completes at the next signal. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_set)
            {
                _set = false;
                return ValueTask.CompletedTask;
            }

            _waiting = true;
            _core.Reset();
            return new ValueTask(this, _core.Version);
        }
    }

    /// <summary>As <see cref="WaitAsync()"/>; throws when the token is cancelled.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(static pulse => ((Pulse)pulse!).Set(), this))
        {
            await WaitAsync();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}

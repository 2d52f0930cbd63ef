using Errand.Signals;

namespace Errand.Submits;

/// <summary>
/// Bounds the submits that wait for the disk, by count and by bytes: a slow store must not fill the memory. Whoever finds no room within
/// a second is refused and may come again. First come, first served.
/// </summary>
internal sealed class SubmitGate(ErrandOptions options, TimeProvider time, Alarms alarms)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private int _count;
    private long _bytes;

    /// <summary>What is on its way to the disk, and how many submits wait to join it.</summary>
    public (int Jobs, long Bytes, int Waiting) Held
    {
        get
        {
            lock (_gate) return (_count, _bytes, _waiting.Count);
        }
    }

    /// <summary>Enters, or throws <see cref="JobProblems.ReducedCapacity"/>. <see cref="Leave"/> must follow.</summary>
    public async ValueTask EnterAsync(int count, long bytes, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (_waiting.Count == 0 && Fits(count, bytes))
            {
                Take(count, bytes);
                return;
            }

            waiter = new Waiter(count, bytes);
            _waiting.AddLast(waiter);
        }

        await WaitAsync(waiter, cancellationToken);
    }

    public void Leave(int count, long bytes)
    {
        lock (_gate)
        {
            _count -= count;
            _bytes -= bytes;
            LetIn();
        }
    }

    private async ValueTask WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        try
        {
            while (!waiter.Entered)
            {
                var left = Patience - time.GetElapsedTime(since);
                if (left <= TimeSpan.Zero) break;
                alarms.Arm(waiter, left);
                await waiter.WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            if (!GiveUp(waiter)) Leave(waiter.Count, waiter.Bytes);
            throw;
        }

        if (GiveUp(waiter)) throw new JobProblemException(TooSlow);
    }

    /// <summary>True when the waiter was still outside.</summary>
    private bool GiveUp(Waiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Entered) return false;
            _waiting.Remove(waiter);
            LetIn();
            return true;
        }
    }

    private void LetIn()
    {
        while (_waiting.First is { Value: var next } && Fits(next.Count, next.Bytes))
        {
            _waiting.RemoveFirst();
            Take(next.Count, next.Bytes);
            next.Entered = true;
            next.Set();
        }
    }

    /// <summary>A batch over the whole bound still gets in when it is alone.</summary>
    private bool Fits(int count, long bytes) =>
        _count == 0 || (_count + count <= options.OutstandingSubmits && _bytes + bytes <= options.OutstandingSubmitBytes);

    private void Take(int count, long bytes)
    {
        _count += count;
        _bytes += bytes;
    }

    private static readonly JobProblem TooSlow = new(
        JobProblems.ReducedCapacity, "The store is slower than jobs come in; nothing was stored. Send the request again in a moment.")
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    private sealed class Waiter(int count, long bytes) : Pulse
    {
        public int Count => count;

        public long Bytes => bytes;

        public volatile bool Entered;
    }
}

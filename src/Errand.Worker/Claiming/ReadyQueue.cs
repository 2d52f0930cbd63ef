using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Errand.Worker;

/// <summary>Claimed jobs that wait for a slot, in the order of the claim; and the count of what waits or runs.</summary>
internal sealed class ReadyQueue
{
    private readonly Channel<Attempt> _attempts = Channel.CreateUnbounded<Attempt>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly AsyncSignal _room = new();
    private int _held;
    private int _refillAt;

    /// <summary>How many jobs wait or run here.</summary>
    public int Held => Volatile.Read(ref _held);

    public void Add(IReadOnlyList<Attempt> attempts)
    {
        Interlocked.Add(ref _held, attempts.Count);
        foreach (var attempt in attempts) _attempts.Writer.TryWrite(attempt);
    }

    /// <summary>Nothing will be added any more.</summary>
    public void Complete() => _attempts.Writer.TryComplete();

    public ValueTask<bool> WaitAsync() => _attempts.Reader.WaitToReadAsync(CancellationToken.None);

    /// <summary>Takes the next one; whoever takes it owns it, and says <see cref="Done"/> when it is over.</summary>
    public bool TryTake([NotNullWhen(true)] out Attempt? attempt) => _attempts.Reader.TryRead(out attempt);

    public bool TryPeek([NotNullWhen(true)] out Attempt? attempt) => _attempts.Reader.TryPeek(out attempt);

    public void Done()
    {
        if (Interlocked.Decrement(ref _held) == Volatile.Read(ref _refillAt)) _room.Set();
    }

    /// <summary>Waits until no more than this many wait or run.</summary>
    public async ValueTask WaitForRoomAsync(int refillAt, CancellationToken cancellationToken)
    {
        // A full fence: the mark must be seen by every Done that comes after the count is read.
        Interlocked.Exchange(ref _refillAt, refillAt);
        while (Held > refillAt) await _room.WaitAsync(cancellationToken);
    }
}

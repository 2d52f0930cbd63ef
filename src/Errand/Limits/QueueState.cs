using Errand.Storage;

namespace Errand.Limits;

/// <summary>What this node knows of a queue: its settings, its rate, and whose turn it is.</summary>
internal sealed class QueueState(QueueSettings settings, TimeProvider time)
{
    /// <summary>Every so many claims one begins at a lower priority, so that urgent work cannot keep the rest waiting for ever.</summary>
    private const int ReservedEvery = 16;

    private readonly Lock _gate = new();
    private RateLimit? _rate = MakeRate(settings, time);
    private uint _claims;
    private int _reserved;

    public QueueSettings Settings { get; private set; } = settings;

    /// <summary>The timestamp at which it was resumed last; null when it never was.</summary>
    public long? ResumedAt { get; private set; }

    public void Apply(QueueSettings settings)
    {
        lock (_gate)
        {
            if (Settings.Paused && !settings.Paused) ResumedAt = time.GetTimestamp();
            if (_rate?.PerSecond != settings.Rate) _rate = MakeRate(settings, time);
            Settings = settings;
        }
    }

    /// <summary>How many jobs of the queue may start now.</summary>
    public int Permit(int wanted)
    {
        lock (_gate) return _rate?.Take(wanted) ?? wanted;
    }

    /// <summary>Gives back what was permitted and not claimed.</summary>
    public void Return(int unused)
    {
        if (unused <= 0) return;
        lock (_gate) _rate?.Return(unused);
    }

    /// <summary>How long the rate holds the queue back; zero when it does not.</summary>
    public TimeSpan UntilPermitted()
    {
        lock (_gate) return _rate?.UntilNext() ?? TimeSpan.Zero;
    }

    /// <summary>The priority that the next claim begins with: 9, but now and then the lower ones in turn.</summary>
    public int NextFirstPriority()
    {
        lock (_gate)
        {
            if (++_claims % ReservedEvery != 0) return 9;
            _reserved = (_reserved + 8) % 9;
            return _reserved;
        }
    }

    private static RateLimit? MakeRate(QueueSettings settings, TimeProvider time) =>
        settings.Rate is { } rate and > 0 ? new RateLimit(rate, time) : null;
}

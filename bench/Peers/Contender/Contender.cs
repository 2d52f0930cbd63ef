namespace Errand.Peers;

/// <summary>A queue under test: submitter and worker in one process, on a store of its own that was empty when the process started.</summary>
public abstract class Contender : IAsyncDisposable
{
    private long _ran;
    private TaskCompletionSource<long>? _next;

    /// <summary>The argument of every job: 200 bytes of JSON with its quotes.</summary>
    public static string Argument { get; } = new('x', 198);

    /// <summary>The clock of all contenders.</summary>
    protected static TimeProvider Time => TimeProvider.System;

    /// <summary>Which release ran.</summary>
    public abstract string Version { get; }

    /// <summary>What differs from its defaults, and whose advice that is.</summary>
    public abstract IReadOnlyList<string> Settings { get; }

    /// <summary>How many handlers have run.</summary>
    public long Ran => Interlocked.Read(ref _ran);

    /// <summary>Whether it takes many jobs in one call.</summary>
    public virtual bool HasBulk => true;

    /// <summary>Makes its schema.</summary>
    public abstract Task OpenAsync();

    /// <summary>Submits one job; it is durable when this ends.</summary>
    public abstract Task SubmitAsync();

    /// <summary>Submits many jobs in one call; they are durable when this ends.</summary>
    public virtual Task SubmitManyAsync(int jobs) => throw new NotSupportedException($"{GetType().Name} has no bulk submit.");

    /// <summary>From now on jobs run.</summary>
    public abstract Task StartWorkerAsync();

    /// <summary>From now on no job runs.</summary>
    public abstract Task StopWorkerAsync();

    /// <summary>How many jobs are not durably done, as the store has it.</summary>
    public abstract Task<long> UnfinishedAsync();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>The time stamp of the next start of a handler.</summary>
    internal Task<long> NextStart()
    {
        var next = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _next, next);
        return next.Task;
    }

    /// <summary>What every handler does, and all it does.</summary>
    protected void Run()
    {
        Volatile.Read(ref _next)?.TrySetResult(Time.GetTimestamp());
        Interlocked.Increment(ref _ran);
    }
}

namespace Errand.Storage;

/// <summary>
/// Carries hints between the nodes that share a store. All of it may be lost: whoever waits also looks by itself every second or two, and
/// hints only make that faster.
/// </summary>
public interface IStorageHints
{
    /// <summary>Tells the other nodes, soon. Call it after the commit that it speaks of; it neither waits nor throws.</summary>
    IJobHints Others { get; }

    /// <summary>Passes on what other nodes tell, never what this one did, until it is cancelled. Survives the loss of its connection.</summary>
    /// <param name="ear">Called one hint after the other; it must not block.</param>
    /// <param name="cancellationToken">Ends it, without an exception.</param>
    Task ListenAsync(IJobHints ear, CancellationToken cancellationToken);
}

/// <summary>What one node tells another.</summary>
public interface IJobHints
{
    /// <summary>A job has this version now.</summary>
    void Changed(JobKey job, long version, bool finished);

    /// <summary>A job's progress has this sequence now.</summary>
    void Progressed(JobKey job, long sequence);

    /// <summary>A job of this kind may be claimed now, or knows now when it may.</summary>
    void WorkCame(string tenant, string queue, string type);
}

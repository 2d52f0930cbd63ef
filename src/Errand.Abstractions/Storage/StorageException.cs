namespace Errand.Storage;

/// <summary>The store could not do what was asked; nothing was written.</summary>
public class StorageException : Exception
{
    /// <summary>Makes one.</summary>
    public StorageException(StorageFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>What kind of failure it is.</summary>
    public StorageFault Fault { get; }
}

/// <summary>The write may or may not have happened. Retry it with the same ids; never report it as done or as refused.</summary>
public sealed class OutcomeUnknownException(string message, Exception? inner = null)
    : StorageException(StorageFault.OutcomeUnknown, message, inner)
{
    /// <summary>The job that may or may not be there, where a single one was submitted: send it again with this id.</summary>
    public JobId? Job { get; init; }
}

/// <summary>The kinds of <see cref="StorageException"/>.</summary>
public enum StorageFault
{
    /// <summary>Busy or out of reach; trying again may help.</summary>
    Unavailable,

    /// <summary>No room: the disk is full or below its watermark.</summary>
    Full,

    /// <summary>Another process holds the store.</summary>
    Locked,

    /// <summary>The file is damaged or not ours.</summary>
    Corrupt,

    /// <summary>The schema is newer than this release can run on.</summary>
    TooNew,

    /// <summary>The store cannot be written: permissions, a read-only or unsuitable file system.</summary>
    NotWritable,

    /// <summary>Whether the write happened is not known.</summary>
    OutcomeUnknown,
}

namespace Errand;

/// <summary>One element of a batch job, with its own outcome. JSON members are UTF-8 documents, empty when there is none.</summary>
public sealed record JobItem
{
    /// <summary>Place in the batch, from 0. Null in a report: the store finds the item by <see cref="Key"/>, or appends a new one.</summary>
    public int? Index { get; init; }

    /// <summary>The handler's name for the item, unique by convention. Default: the index.</summary>
    public required string Key { get; init; }

    /// <summary>What became of it.</summary>
    public JobItemStatus Status { get; init; }

    /// <summary>What it gave.</summary>
    public ReadOnlyMemory<byte> Result { get; init; }

    /// <summary>Why it failed.</summary>
    public JobError? Error { get; init; }
}

/// <summary>What became of an item. Items that nobody reported yet are not stored.</summary>
public enum JobItemStatus
{
    /// <summary>Done.</summary>
    Succeeded = 0,

    /// <summary>Done, with an error of its own.</summary>
    Failed = 1,
}

/// <summary>The counts of a job's items, kept by the store in the same transaction as the items.</summary>
/// <param name="Completed">Items reported, the failed ones included.</param>
/// <param name="Failed">Items that failed.</param>
public readonly record struct JobItemCounts(long Completed, long Failed);

namespace Errand.Storage;

/// <summary>
/// Everything that a store holds, as rows whose shape is the same for every provider, so that one store can be moved into another of a
/// different kind. Nobody else may write meanwhile.
/// </summary>
public interface IStorageTransfer
{
    /// <summary>Whether it holds no job, file, token, client, collection or schedule, and nothing that is left of any.</summary>
    ValueTask<bool> IsEmptyAsync(CancellationToken cancellationToken);

    /// <summary>Gives every row, all rows of a table together, tables in the order in which they can be written.</summary>
    IAsyncEnumerable<TransferRow> ExportAsync(CancellationToken cancellationToken);

    /// <summary>Writes rows that another store exported: all of them in one transaction, or none.</summary>
    /// <exception cref="StorageException">The store is not empty, or cannot be written; nothing was.</exception>
    ValueTask ImportAsync(IAsyncEnumerable<TransferRow> rows, CancellationToken cancellationToken);
}

/// <summary>A row on its way from one store to another.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Values">Null, <see cref="long"/>, <see cref="double"/>, <see cref="string"/> or bytes; a UUID is 16 bytes in the order of its text.</param>
public readonly record struct TransferRow(string Table, IReadOnlyList<object?> Values)
{
    /// <summary>Rows that are not data: how far sequences have come, sessions that end with the move, files that are missing.</summary>
    public bool IsData => Table is not (SequencesTable or SessionsTable or MissingTable);

    /// <summary>How far a sequence has come: name, number.</summary>
    public const string SequencesTable = "sequences";

    /// <summary>Worker sessions. They are over on the other side, and their jobs go back to their queues.</summary>
    public const string SessionsTable = "sessions";

    /// <summary>The location of a file that is named and not there. Written nowhere.</summary>
    public const string MissingTable = "missing";
}

using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>Turns what the driver says into what the seam promises: a fault, in words that name the server and what to do.</summary>
internal sealed class StorageFaults(string server)
{
    public StorageException Translate(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory } e => new(
            StorageFault.Full, $"There is no room on {server}: free space on its disk, or purge finished jobs. {e.MessageText}", e),
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InsufficientPrivilege } e => new(
            StorageFault.NotWritable, $"{server} cannot be written: {e.MessageText}. Name the primary, and a role that may write.", e),
        PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted } e => new(
            StorageFault.Corrupt, $"{server} reports damage: {e.MessageText}. Fail over to a standby, or restore a backup.", e),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName } e => new(
            StorageFault.Corrupt, $"{server} lacks a table of the store: {e.MessageText}. Restore a backup.", e),
        PostgresException e => new StorageException(StorageFault.Unavailable, $"{server} refused: {e.MessageText} ({e.SqlState}).", e),
        _ => new(StorageFault.Unavailable, $"{server} is out of reach: {exception.Message}", exception),
    };

    /// <summary>
    /// What a failure means that came after the commit was sent. An error of a statement rolls back; a connection that ends, or a server that
    /// goes down, may have committed before.
    /// </summary>
    public StorageException TranslateCommit(Exception exception) => exception is PostgresException { SqlState: var state } && !MayHaveCommitted(state)
        ? Translate(exception)
        : new OutcomeUnknownException($"{server} went away during a commit, which may hold or not: {exception.Message}", exception);

    public OutcomeUnknownException NotReplicated(string warning) => new(
        $"{server} committed without waiting for its standbys ({warning.TrimEnd('.')}): the commit is lost if it fails over now. Send it again with the same id.");

    public StorageException Closed() => new(StorageFault.Unavailable, $"The store on {server} is closed: this process is stopping.");

    public static bool IsGoingDown(PostgresException exception) => exception.SqlState.StartsWith("57P", StringComparison.Ordinal);

    /// <summary>57P01–57P03: the server is told to end; 08xxx: the connection failed. Both can follow a commit.</summary>
    private static bool MayHaveCommitted(string state) =>
        state.StartsWith("57P", StringComparison.Ordinal) || state.StartsWith("08", StringComparison.Ordinal);
}

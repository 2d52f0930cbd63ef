using Errand.Storage.Folders;
using SQLitePCL;

namespace Errand.Storage.Sqlite;

/// <summary>Turns what SQLite says into what the seam promises: a fault, in words that name the file and what to do.</summary>
internal sealed class StorageFaults(string file)
{
    public StorageException Translate(SqliteError error) => error.Code switch
    {
        raw.SQLITE_FULL => Full(error),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => Corrupt(error.Message, error),
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => NotWritable(error),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(StorageFault.Unavailable, $"The database {file} is busy: {error.Message}.", error),
        _ => new(StorageFault.Unavailable, $"The database {file} failed: {error.Message}.", error),
    };

    /// <summary>
    /// What a failed commit means. When the log could not be made durable its frames may or may not be on disk, and a crash now would
    /// bring them to light or not: nobody can say.
    /// </summary>
    public StorageException TranslateCommit(SqliteError error) => error.Code == raw.SQLITE_IOERR
        ? new OutcomeUnknownException($"The commit to {file} failed on its way to the disk and may hold or not: {error.Message}.", error)
        : Translate(error);

    /// <summary>What failures of the file system mean.</summary>
    public FolderFaults Files { get; } = new(file, $"A file beside {file}");

    public StorageException Closed() => new(StorageFault.Unavailable, $"The store {file} is closed: this process is stopping.");

    public StorageException Full(Exception? inner = null) => Files.Full(inner);

    public StorageException Corrupt(string reason, Exception? inner = null) => new(
        StorageFault.Corrupt,
        $"The database {file} is damaged or is not a database: {reason}. Stop the server, keep a copy of the folder, and restore a backup; "
        + "'sqlite3 errand.db .recover' saves what is readable.",
        inner);

    public StorageException NotWritable(Exception inner) => new(
        StorageFault.NotWritable,
        $"The database {file} cannot be written: {inner.Message} Give the user of this process the right to write the folder and its "
        + "files, or name another folder with --data.",
        inner);
}

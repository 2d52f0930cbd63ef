namespace Errand.Storage.Sqlite;

/// <summary>What is done at which size of the log, in bytes.</summary>
/// <param name="Copy">So much was written since the last copy: it is copied into the database, beside the writer.</param>
/// <param name="BeginAnew">The log is so long: the writer waits for the rest of the copy, and then writes from the start of the file.</param>
/// <param name="Long">The log is so long that health says so, and the file is cut as soon as no reader holds it.</param>
internal readonly record struct LogSizes(long Copy, long BeginAnew, long Long);

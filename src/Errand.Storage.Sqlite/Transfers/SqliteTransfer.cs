using System.Globalization;
using System.Runtime.CompilerServices;

namespace Errand.Storage.Sqlite;

/// <summary>Gives everything that the store holds to another one. Nothing is moved into a file: that way a store would lose its other nodes.</summary>
internal sealed class SqliteTransfer(DataFolder folder) : IStorageTransfer
{
    private const int ChunkBytes = 256 * 1024;
    private const int InstantDigits = 16;

    /// <summary>Each is a statement of <c>transfer.sql</c>, with the columns in the order of the table of the other side.</summary>
    private static readonly (string Name, Sql Sql)[] Tables =
    [
        .. new[]
        {
            "lanes", "jobs", "job_details", "job_inputs", "job_labels", "job_results", "job_attempts", "job_progress", "job_logs", "job_messages",
            "job_item_counts", "job_items", "job_outputs", "job_output_formats", "output_bytes", "leftovers", "uploads", "upload_uses", "tombstones",
            "idempotency", "queues", "types", "tokens", "keys", "schedules", "clients", "collections", "counts", TransferRow.SessionsTable,
            TransferRow.SequencesTable,
        }.Select(name => (name, Sql.Of("transfer", name))),
    ];

    private static readonly Sql ListFiles = Sql.Of("transfer", "files");

    public ValueTask<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        using var db = new Connections(folder).OpenReader();
        return new(db.ReadNumber("SELECT (SELECT count(*) FROM jobs) + (SELECT count(*) FROM lanes) + (SELECT count(*) FROM tokens)") == 0);
    }

    public async IAsyncEnumerable<TransferRow> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var db = new Connections(folder).OpenReader();
        foreach (var (name, sql) in Tables)
        {
            foreach (var row in Rows(db, name, sql))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return row;
            }
        }

        var locations = db.List(ListFiles, _ => { }, row => row.Text());
        var missing = locations.FindAll(location => !File.Exists(PathOf(location)));
        foreach (var location in missing) yield return new TransferRow(TransferRow.MissingTable, [location]);
        locations.RemoveAll(missing.Contains);
        foreach (var location in locations) yield return new TransferRow("files", [location, StagedAt(location), new FileInfo(PathOf(location)).Length]);
        foreach (var location in locations)
        {
            await foreach (var chunk in ChunksAsync(location, cancellationToken)) yield return chunk;
        }
    }

    public ValueTask ImportAsync(IAsyncEnumerable<TransferRow> rows, CancellationToken cancellationToken) => throw new StorageException(
        StorageFault.NotWritable, "A store is moved from SQLite to PostgreSQL, not into SQLite: name the other one with --to postgresql:….");

    private static IEnumerable<TransferRow> Rows(Connection db, string name, Sql sql)
    {
        using var statement = db.Use(sql);
        while (statement.Step()) yield return new TransferRow(name, statement.Values());
    }

    private async IAsyncEnumerable<TransferRow> ChunksAsync(string location, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(PathOf(location));
        for (var number = 0L; file.Position < file.Length; number++)
        {
            var bytes = new byte[Math.Min(ChunkBytes, file.Length - file.Position)];
            await file.ReadExactlyAsync(bytes, cancellationToken);
            yield return new TransferRow("file_chunks", [location, number, StagedAt(location), bytes]);
        }
    }

    /// <summary>A name begins with the instant at which its file was staged.</summary>
    private static long StagedAt(string location) =>
        Path.GetFileName(location) is { Length: > InstantDigits } name
        && long.TryParse(name.AsSpan(0, InstantDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var ticks) ? ticks : 0;

    private string PathOf(string location) => Path.Combine(folder.Files, location);
}

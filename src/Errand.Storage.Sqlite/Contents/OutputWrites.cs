namespace Errand.Storage.Sqlite;

/// <summary>Publishes an output in place of a former one with the same id, and keeps the bytes that the tenant holds.</summary>
internal static class OutputWrites
{
    private static readonly Sql FindOutput = Sql.Of("contents", "find_output");
    private static readonly Sql DeleteOutput = Sql.Of("contents", "delete_output");
    private static readonly Sql DeleteFormats = Sql.Of("contents", "delete_formats");
    private static readonly Sql InsertOutput = Sql.Of("contents", "insert_output");
    private static readonly Sql InsertFormat = Sql.Of("contents", "insert_format");
    private static readonly Sql CountBytes = Sql.Of("contents", "count_output_bytes");

    public static IReadOnlyList<string> Write(Transaction transaction, JobTicket ticket, JobOutput output)
    {
        var (db, job) = (transaction.Db, ticket.Sequence);
        var former = Remove(db, job, output.Id);
        var entry = Insert(db, job, output);
        for (var i = 0; i < output.Formats.Count; i++) Insert(db, job, entry, i, output.Formats[i]);

        var bytes = output.Formats.Sum(format => format.Size) - former.Sum(format => format.Size);
        db.Run(CountBytes, count => count.Bind(transaction.Ledger.Tenants.Intern(ticket.Key.Tenant)).Bind(bytes));
        return [.. former.Select(format => format.Location).Except(output.Formats.Select(format => format.Location))];
    }

    private static List<(string Location, long Size)> Remove(Connection db, long job, string id)
    {
        if (db.First<long?>(FindOutput, find => find.Bind(job).Bind(id), row => row.Int64()) is not { } entry) return [];
        var formats = db.List(DeleteFormats, delete => delete.Bind(job).Bind(entry), row => (row.Text(), row.Int64()));
        db.Run(DeleteOutput, delete => delete.Bind(job).Bind(entry));
        return formats;
    }

    private static long Insert(Connection db, long job, JobOutput output) => db.First(
        InsertOutput,
        insert => insert.Bind(job).Bind(output.Id).Bind(output.FileName).Bind(output.CreatedAt).Bind(output.Attempt),
        row => row.Int64());

    private static void Insert(Connection db, long job, long output, int position, JobOutputFormat format) => db.Run(
        InsertFormat,
        insert => insert.Bind(job).Bind(output).Bind(position)
            .Bind(format.Format).Bind(format.ContentType).Bind(format.Size).Bind(format.Digest).Bind(format.Location));
}

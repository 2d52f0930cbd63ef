namespace Errand.Storage.Sqlite;

/// <summary>
/// Takes a finished job out of view, with all that is small; its lines and items, which may be a million rows, are left to
/// <see cref="Leftovers"/>.
/// </summary>
internal sealed class JobRemoval(Transaction transaction, DateTimeOffset asOf)
{
    private static readonly Sql FindJob = Sql.Of("submit", "find_by_sequence");
    private static readonly Sql ReadDetails = Sql.Of("apply", "read_details");
    private static readonly Sql InsertTombstone = Sql.Of("retention", "insert_tombstone");
    private static readonly Sql DeleteFormats = Sql.Of("retention", "delete_formats");
    private static readonly Sql DeleteUploads = Sql.Of("retention", "delete_uploads");
    private static readonly Sql CountBytes = Sql.Of("contents", "count_output_bytes");
    private static readonly Sql LeaveOver = Sql.Of("retention", "leave_over");
    private static readonly Sql DeleteItemCounts = Sql.Of("retention", "delete_item_counts");
    private static readonly Sql DeleteLog = Sql.Of("retention", "delete_log");
    private static readonly Sql[] DeleteParts =
    [
        Sql.Of("retention", "delete_outputs"), Sql.Of("retention", "delete_progress"), Sql.Of("retention", "delete_attempts"),
        Sql.Of("retention", "delete_result"), Sql.Of("retention", "delete_input"), Sql.Of("retention", "delete_details"),
        Sql.Of("retention", "delete_job"),
    ];

    private readonly Connection _db = transaction.Db;
    private readonly List<string> _locations = [];

    public IReadOnlyList<string> Locations => _locations;

    public void Remove(long job, bool tombstone)
    {
        var head = _db.First(FindJob, find => find.Bind(job), row => HeadRow.Read(row, transaction.Ledger))!;
        var lane = transaction.Ledger.LaneOf(head);
        transaction.Ledger.Count(lane, head, -1);
        DetailsRow.RemoveLabels(_db, lane.Tenant, job, _db.First(ReadDetails, read => read.Bind(job), DetailsRow.Read)!);
        RemoveFiles(job, lane.Tenant);
        if (Delete(DeleteItemCounts, job) + Delete(DeleteLog, job) > 0) Delete(LeaveOver, job);
        foreach (var part in DeleteParts) Delete(part, job);
        if (tombstone) Mark(head, lane.Tenant);
    }

    private void RemoveFiles(long job, int tenant)
    {
        var files = _db.List(DeleteFormats, delete => delete.Bind(job), row => (Location: row.Text(), Size: row.Int64()));
        if (files.Count > 0) _db.Run(CountBytes, count => count.Bind(tenant).Bind(-files.Sum(file => file.Size)));
        _locations.AddRange(files.Select(file => file.Location));
        _locations.AddRange(_db.List(DeleteUploads, delete => delete.Bind(job), row => row.Text()));
    }

    private void Mark(JobHead head, int tenant) => _db.Run(
        InsertTombstone,
        insert => insert.Bind(head.Id.Value).Bind(tenant).Bind(transaction.Ledger.Owners.Intern((tenant, head.Owner))).Bind(asOf));

    private int Delete(Sql sql, long job)
    {
        using var delete = _db.Use(sql);
        return delete.Bind(job).Run();
    }
}

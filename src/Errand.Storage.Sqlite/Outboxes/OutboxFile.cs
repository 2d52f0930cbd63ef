using SQLitePCL;

namespace Errand.Storage.Sqlite;

/// <summary>
/// An outbox in a database of the app, through a connection of our own. Opened for each use: a file that is held open could not be replaced or deleted by the app.
/// </summary>
internal static class OutboxFile
{
    // The app's writers come first. Whoever reads waits for a commit at most; whoever removes, for a whole transaction of the app, and rather comes again.
    private const string PragmasToRead = "PRAGMA busy_timeout = 2000;";
    private const string PragmasToRemove = "PRAGMA busy_timeout = 100;";

    private static readonly Sql Exists = Sql.Of("outbox", "exists");
    private static readonly Sql List = Sql.Of("outbox", "list");
    private static readonly Sql Delete = Sql.Of("outbox", "delete");
    private static readonly Sql Begin = Sql.Of("transaction", "begin");
    private static readonly Sql Commit = Sql.Of("transaction", "commit");

    public static List<EnlistedJob> Read(string file, int limit)
    {
        using var db = Connection.Open(file, readOnly: false, PragmasToRead);
        if (!db.First(Exists, _ => { }, _ => true)) return [];
        return db.List(List, list => list.Bind(OutboxDocument.Format).Bind(limit), row => Read(row, file));
    }

    public static void Remove(string file, IEnumerable<EnlistedJob> jobs)
    {
        using var db = Connection.Open(file, readOnly: false, PragmasToRemove);
        db.Run(Begin);
        foreach (var job in jobs) db.Run(Delete, delete => delete.Bind(job.Place).Bind(job.Job.Head.Tenant).Bind(job.Job.Head.Id.ToString()));
        db.Run(Commit);
    }

    private static EnlistedJob Read(Statement row, string file)
    {
        var (place, tenant, id, key) = (row.Int64(), row.Text(), JobId.Parse(row.Text()), row.TextOrNull());
        var document = OutboxDocument.Read(row.Text());
        var input = new JobInput(row.Memory(), row.Memory(), document.Upload, document.InputVersion);
        return new EnlistedJob(new NewJob(document.Head(tenant, id, key), document.Details.Read(), input), file, place);
    }
}

namespace Errand.Storage.Sqlite;

/// <summary>Reads one job by its key.</summary>
internal static class Lookup
{
    private static readonly Sql FindJob = Sql.Of("find", "find");
    private static readonly Sql FindTombstone = Sql.Of("find", "tombstone");
    private static readonly Sql ListAttempts = Sql.Of("find", "attempts");
    private static readonly Sql BeginRead = Sql.Of("transaction", "begin_read");
    private static readonly Sql Commit = Sql.Of("transaction", "commit");

    public static JobLookup Find(Connection db, Ledger names, JobKey key, JobParts parts)
    {
        if (!names.Tenants.TryFind(key.Tenant, out var tenant)) return default;
        if (!parts.HasFlag(JobParts.Attempts)) return FindOrTombstone(db, names, tenant, key.Id, parts);

        // The job and its attempts are two statements: one snapshot makes them one sight.
        db.Run(BeginRead);
        var found = FindOrTombstone(db, names, tenant, key.Id, parts);
        if (found.Job is { } job) found = new JobLookup(job with { Attempts = AttemptsOf(db, job.Head.Sequence) });
        db.Run(Commit);
        return found;
    }

    private static JobLookup FindOrTombstone(Connection db, Ledger names, int tenant, JobId id, JobParts parts)
    {
        using (var find = db.Use(FindJob))
        {
            if (find.Bind(id.Value).Bind(tenant).Bind(parts.HasFlag(JobParts.Result)).Bind(parts.HasFlag(JobParts.Input)).Step())
            {
                return new JobLookup(JobRow.ReadAll(find, names, parts));
            }
        }

        using var tombstone = db.Use(FindTombstone);
        if (!tombstone.Bind(id.Value).Bind(tenant).Step()) return default;
        return new JobLookup(null, new Tombstone(names.Owners[tombstone.Int32()].Subject, tombstone.Time()));
    }

    private static List<JobAttempt> AttemptsOf(Connection db, long job)
    {
        var attempts = new List<JobAttempt>();
        using var list = db.Use(ListAttempts);
        list.Bind(job);
        while (list.Step())
        {
            attempts.Add(new JobAttempt(
                list.Int32(), list.Time(), list.TimeOrNull(), (JobAttemptOutcome)list.Int32(),
                StoredJson.ReadError(list.Bytes()), list.TextOrNull()));
        }

        return attempts;
    }
}

namespace Errand.Storage.PostgreSql;

/// <summary>Which job to read, and what of it.</summary>
internal readonly record struct LookupAsked(JobKey Key, JobParts Parts);

/// <summary>Reads jobs by their keys, those of many callers with one statement.</summary>
internal static class Lookup
{
    private static readonly Sql FindJobs = Sql.Of("find", "find");
    private static readonly Sql FindTombstones = Sql.Of("find", "tombstones");
    private static readonly Sql ListAttempts = Sql.Of("find", "attempts");

    /// <summary>Crowds ask for the same job: it is read once, and everyone is given the same object.</summary>
    public static async ValueTask<JobLookup[]> FindAsync(Database database, IReadOnlyList<LookupAsked> asked)
    {
        Dictionary<LookupAsked, int> places = [];
        List<LookupAsked> once = [];
        foreach (var one in asked)
        {
            if (places.TryAdd(one, once.Count)) once.Add(one);
        }

        var found = await FindEachAsync(database, once);
        return once.Count == asked.Count ? found : [.. asked.Select(one => found[places[one]])];
    }

    private static async ValueTask<JobLookup[]> FindEachAsync(Database database, List<LookupAsked> asked)
    {
        await using var session = await database.OpenAsync();
        var withAttempts = Enumerable.Range(0, asked.Count).Where(i => asked[i].Parts.HasFlag(JobParts.Attempts)).ToList();

        // A job and its attempts are two statements: one snapshot makes them one sight.
        var batch = withAttempts.Count > 0 ? session.SightBatch() : session.NewBatch();
        var (ids, tenants) = (asked.Select(one => one.Key.Id.Value).ToList(), asked.Select(one => one.Key.Tenant).ToList());
        batch.Add(FindJobs).With(ids).With(tenants).With(asked.Select(one => one.Parts.HasFlag(JobParts.Result)))
            .With(asked.Select(one => one.Parts.HasFlag(JobParts.Input)));
        if (withAttempts.Count > 0)
        {
            batch.Add(ListAttempts).With(withAttempts.Select(i => ids[i])).With(withAttempts.Select(i => tenants[i])).With(withAttempts);
        }

        var found = await session.RunAsync(batch, results => ReadAsync(asked, withAttempts, results));
        var missing = Enumerable.Range(0, asked.Count).Where(i => found[i].Job is null).ToList();
        if (missing.Count > 0) await FindTombstonesAsync(session, asked, missing, found);
        return found;
    }

    private static async ValueTask<JobLookup[]> ReadAsync(List<LookupAsked> asked, List<int> withAttempts, Results results)
    {
        var found = new JobLookup[asked.Count];
        await results.ListAsync(row =>
        {
            var place = row.Int32() - 1;
            found[place] = new JobLookup(JobRow.ReadAll(row, asked[place].Parts));
            return true;
        });
        if (withAttempts.Count == 0) return found;
        var attempts = (await results.ListAsync(row => (Place: row.Int32(), Attempt: ReadAttempt(row)))).ToLookup(one => one.Place, one => one.Attempt);
        foreach (var place in withAttempts)
        {
            if (found[place].Job is { } job) found[place] = new JobLookup(job with { Attempts = [.. attempts[place]] });
        }

        return found;
    }

    private static async ValueTask FindTombstonesAsync(Session session, List<LookupAsked> asked, List<int> missing, JobLookup[] found)
    {
        var batch = session.NewBatch();
        batch.Add(FindTombstones).With(missing.Select(i => asked[i].Key.Id.Value)).With(missing.Select(i => asked[i].Key.Tenant));
        var tombstones = await session.RunAsync(batch, results => results.ListAsync(row => (row.Int32(), new Tombstone(row.Text(), row.Time()))));
        foreach (var (place, tombstone) in tombstones) found[missing[place - 1]] = new JobLookup(null, tombstone);
    }

    private static JobAttempt ReadAttempt(Row row) => new(
        row.Int32(), row.Time(), row.TimeOrNull(), (JobAttemptOutcome)row.Int16(), StoredJson.ReadError(row.BytesOrNull()), row.TextOrNull());
}

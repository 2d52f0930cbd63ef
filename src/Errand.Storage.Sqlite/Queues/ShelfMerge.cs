namespace Errand.Storage.Sqlite;

/// <summary>Several shelves read as one, in the order of due time and sequence.</summary>
internal sealed class ShelfMerge(Connection db) : IDisposable
{
    private static readonly Sql Walk = Sql.Of("claim", "walk");

    private readonly List<Statement> _walks = [];
    private readonly PriorityQueue<Shelf, (long DueAt, long Job)> _firsts = new();

    /// <summary>When the first of the jobs that were not due becomes due; null when none was met.</summary>
    public long? NextDue { get; private set; }

    public void Add(long number, bool areSuspects = false)
    {
        var walk = db.Use(Walk).Bind(number);
        _walks.Add(walk);
        Advance(new Shelf(walk, areSuspects));
    }

    public bool TryTake(DateTimeOffset asOf, bool withSuspects, out long job, out bool isSuspect)
    {
        while (_firsts.TryPeek(out var shelf, out var first))
        {
            (job, isSuspect) = (first.Job, shelf.AreSuspects);
            if (first.DueAt > asOf.UtcTicks)
            {
                NextDue = first.DueAt;
                return false;
            }

            _firsts.Dequeue();
            if (isSuspect && !withSuspects) continue;
            Advance(shelf);
            return true;
        }

        (job, isSuspect) = (0, false);
        return false;
    }

    public void Dispose()
    {
        foreach (var walk in _walks) walk.Dispose();
    }

    private void Advance(Shelf shelf)
    {
        if (!shelf.Walk.Step()) return;
        var dueAt = shelf.Walk.Int64();
        _firsts.Enqueue(shelf, (dueAt, shelf.Walk.Int64()));
    }

    private readonly record struct Shelf(Statement Walk, bool AreSuspects);
}

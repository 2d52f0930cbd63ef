namespace Errand.Storage.PostgreSql;

/// <summary>Removes the many rows of jobs that are gone from view, a bounded slice at a time.</summary>
internal sealed class Leftovers(Database database)
{
    private const int RowsPerSlice = 5_000;

    private static readonly Sql LockFirst = Sql.Of("retention", "lock_leftover");
    private static readonly Sql DeleteItems = Sql.Of("retention", "delete_items");
    private static readonly Sql DeleteMessages = Sql.Of("retention", "delete_messages");
    private static readonly Sql Forget = Sql.Of("retention", "forget_leftover");

    public async ValueTask RemoveAsync()
    {
        while (await RemoveSliceAsync())
        {
        }
    }

    /// <summary>False when nothing is left over.</summary>
    private async ValueTask<bool> RemoveSliceAsync()
    {
        await using var session = await database.OpenAsync();
        var batch = session.BeginBatch();
        batch.Add(LockFirst);
        if (await session.RunAsync(batch, results => results.FirstAsync(row => (long?)row.Int64())) is not { } job) return false;

        var slice = session.NewBatch();
        var calls = new[] { slice.Add(DeleteItems).With(job).With(RowsPerSlice), slice.Add(DeleteMessages).With(job).With(RowsPerSlice) };
        await session.RunAsync(slice, static _ => new ValueTask<bool>(true));
        var isDone = Array.TrueForAll(calls, call => call.Command.RecordsAffected < RowsPerSlice);
        var rest = session.NewBatch();
        if (isDone) rest.Add(Forget).With(job);
        await session.CommitAsync(rest);
        return true;
    }
}

namespace Errand.Storage.PostgreSql;

/// <summary>Publishes an output in place of a former one with the same id, and keeps the bytes that the tenant holds.</summary>
internal static class OutputWrites
{
    private static readonly Sql LockJob = Sql.Of("contents", "lock_job");
    private static readonly Sql DeleteOutput = Sql.Of("contents", "delete_output");
    private static readonly Sql DeleteFormats = Sql.Of("contents", "delete_formats");
    private static readonly Sql InsertOutput = Sql.Of("contents", "insert_output");
    private static readonly Sql InsertFormats = Sql.Of("contents", "insert_formats");
    private static readonly Sql CountBytes = Sql.Of("contents", "count_output_bytes");

    public static async ValueTask<IReadOnlyList<string>?> WriteAsync(Session session, JobTicket ticket, JobOutput output)
    {
        var job = ticket.Sequence;
        var batch = session.NewBatch();
        batch.Add(LockJob).With(job);
        batch.Add(DeleteOutput).With(job).With(output.Id);
        batch.Add(InsertOutput).With(job).With(output.Id).With(output.FileName).With(output.CreatedAt).With(output.Attempt);
        var (former, entry) = await session.RunAsync(batch, async results =>
        {
            await results.SkipAsync();
            return (await results.ListAsync(row => row.Int32()), await results.FirstAsync(row => row.Int32()));
        });

        var replaced = await DeleteAsync(session, job, former);
        var formats = output.Formats;
        var rest = session.NewBatch();
        rest.Add(InsertFormats).With(job).With(entry).With(Enumerable.Range(0, formats.Count)).With(formats.Select(f => f.Format))
            .With(formats.Select(f => f.ContentType)).With(formats.Select(f => f.Size)).With(formats.Select(f => f.Digest)).With(formats.Select(f => f.Location));
        rest.Add(CountBytes).With(ticket.Key.Tenant).With(formats.Sum(f => f.Size) - replaced.Sum(f => f.Size));
        await session.CommitAsync(rest);
        return [.. replaced.Select(f => f.Location).Except(formats.Select(f => f.Location))];
    }

    private static async ValueTask<List<(string Location, long Size)>> DeleteAsync(Session session, long job, List<int> outputs)
    {
        if (outputs.Count == 0) return [];
        var batch = session.NewBatch();
        batch.Add(DeleteFormats).With(job).With(outputs);
        return await session.RunAsync(batch, results => results.ListAsync(row => (row.Text(), row.Int64())));
    }
}

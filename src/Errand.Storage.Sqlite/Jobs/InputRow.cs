namespace Errand.Storage.Sqlite;

/// <summary>An input as columns: version, upload, JSON, items.</summary>
internal static class InputRow
{
    private static readonly Sql Insert = Sql.Of("submit", "insert_input");

    /// <summary>The first column is the job, NULL where the job has no input.</summary>
    public static JobInput Read(Statement row)
    {
        if (row.Int64OrNull() is null)
        {
            row.Skip(4);
            return JobInput.None;
        }

        var (version, upload) = (row.Int32(), row.TextOrNull());
        return new JobInput(row.Memory(), row.Memory(), upload, version);
    }

    public static void Write(Connection db, long job, JobInput input)
    {
        if (input is { Size: 0, UploadId: null, Version: 1 }) return;
        using var insert = db.Use(Insert);
        insert.Bind(job).Bind(input.Version).Bind(input.UploadId).Bind(input.Json.Span).Bind(input.Items.Span).Run();
    }
}

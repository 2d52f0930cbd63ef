namespace Errand.Storage.PostgreSql;

/// <summary>A file on its way: its chunks are stored as they fill, and its row last.</summary>
internal sealed class StagedChunks(Database database, string location, DateTimeOffset stagedAt) : StagedFile
{
    private static readonly Sql InsertFile = Sql.Of("files", "insert_file");
    private static readonly Sql DeleteChunks = Sql.Of("files", "delete_chunks");

    private readonly ChunkWriter _content = new(database, location, stagedAt);
    private bool _published;

    public override Stream Content => _content;

    public override async ValueTask<string> PublishAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _content.EndAsync();
        await database.CommitAsync(batch => batch.Add(InsertFile).With(location).With(stagedAt).With(_content.Length));
        _published = true;
        return location;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_published || _content.Chunks == 0) return;
        try
        {
            await database.CommitAsync(batch => batch.Add(DeleteChunks).With([location]));
        }
        catch (StorageException)
        {
            // The sweep removes what has no row.
        }
    }
}

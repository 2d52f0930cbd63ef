using System.Globalization;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// Files as chunks in a table: whatever node wrote them, every node serves them. A location begins with the instant at which the file was
/// staged; a file is there once it has a row of its own.
/// </summary>
internal sealed class ChunkStore(Database database) : IOutputStore
{
    private static readonly Sql FindFile = Sql.Of("files", "find_file");
    private static readonly Sql DeleteFiles = Sql.Of("files", "delete_files");
    private static readonly Sql DeleteChunks = Sql.Of("files", "delete_chunks");
    private static readonly Sql FindUnnamed = Sql.Of("files", "unnamed");

    public ValueTask<StagedFile> StageAsync(string tenant, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var location = string.Create(CultureInfo.InvariantCulture, $"{Uri.EscapeDataString(tenant)}/{asOf.UtcTicks:x16}{Guid.NewGuid():N}");
        return new(new StagedChunks(database, location, asOf));
    }

    public async ValueTask<Stream?> OpenAsync(string location, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var size = await database.ReadAsync(batch => batch.Add(FindFile).With(location), results => results.FirstAsync(row => (long?)row.Int64()));
        return size is { } bytes ? new ChunkStream(database, location, bytes) : null;
    }

    public async ValueTask DeleteAsync(IReadOnlyList<string> locations, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (locations.Count == 0) return;
        await database.CommitAsync(batch =>
        {
            batch.Add(DeleteFiles).With(locations);
            batch.Add(DeleteChunks).With(locations);
        });
    }

    public async ValueTask<int> SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var swept = 0;
        while (true)
        {
            var unnamed = await database.ReadAsync(batch => batch.Add(FindUnnamed).With(before), results => results.ListAsync(row => row.Text()));
            if (unnamed.Count == 0) return swept;
            await DeleteAsync(unnamed, cancellationToken);
            swept += unnamed.Count;
        }
    }
}

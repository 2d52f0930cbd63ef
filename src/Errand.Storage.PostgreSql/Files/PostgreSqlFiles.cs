using Errand.Storage.Folders;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// The bytes of outputs and uploads: new ones in the shared folder where one is named, else in the table of chunks. What lies in chunks already – from before, or from
/// <c>errand move</c> – is served from there all the same.
/// </summary>
internal sealed class PostgreSqlFiles(ChunkStore chunks, FolderFiles? folder) : IOutputStore
{
    private readonly IOutputStore _newest = folder ?? (IOutputStore)chunks;

    public ValueTask<StagedFile> StageAsync(string tenant, DateTimeOffset asOf, CancellationToken cancellationToken) => _newest.StageAsync(tenant, asOf, cancellationToken);

    public ValueTask<Stream?> OpenAsync(string location, CancellationToken cancellationToken)
    {
        if (!IsInFolder(location)) return chunks.OpenAsync(location, cancellationToken);
        return folder is not null ? folder.OpenAsync(location, cancellationToken) : throw NoFolder();
    }

    public async ValueTask DeleteAsync(IReadOnlyList<string> locations, CancellationToken cancellationToken)
    {
        await chunks.DeleteAsync([.. locations.Where(location => !IsInFolder(location))], cancellationToken);
        string[] files = [.. locations.Where(IsInFolder)];
        if (files.Length == 0) return;
        await (folder ?? throw NoFolder()).DeleteAsync(files, cancellationToken);
    }

    public async ValueTask<int> SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var swept = await chunks.SweepAsync(before, cancellationToken);
        return folder is null ? swept : swept + await folder.SweepAsync(before, cancellationToken);
    }

    private static bool IsInFolder(string location) => location.StartsWith(SharedFolder.Prefix, StringComparison.Ordinal);

    private static StorageException NoFolder() => new(
        StorageFault.Unavailable, "This file lies in a shared folder, and this node names none: set storage.outputs (PostgreSqlStorageOptions.OutputFolder) to the folder of the other nodes.");
}

namespace Errand.Storage.Memory;

internal sealed class MemoryUploadStore(MemoryVerbs verbs) : IUploadStore
{
    public ValueTask AddAsync(Upload upload, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.AddUpload, db => db.Uploads.Add((upload.Tenant, upload.Id), new UploadRow(upload)), cancellationToken);

    public ValueTask<Upload?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.FindUpload, db => db.Uploads.GetValueOrDefault((tenant, id))?.Upload, cancellationToken);
}

namespace Errand.Storage.Memory;

internal sealed class MemoryOutputStore(MemoryVerbs verbs) : IOutputStore
{
    public ValueTask<StagedFile> StageAsync(string tenant, DateTimeOffset asOf, CancellationToken cancellationToken) =>
        verbs.RunAsync<StagedFile>(
            StorageVerb.StageFile, db => new MemoryFile(verbs, $"{tenant}/{++db.LastFile:x8}", asOf), cancellationToken);

    public ValueTask<Stream?> OpenAsync(string location, CancellationToken cancellationToken) =>
        verbs.RunAsync<Stream?>(
            StorageVerb.OpenFile,
            db => db.Files.TryGetValue(location, out var file) ? new MemoryStream(file.Content.ToArray(), writable: false) : null,
            cancellationToken);

    public ValueTask DeleteAsync(IReadOnlyList<string> locations, CancellationToken cancellationToken) =>
        verbs.RunAsync(
            StorageVerb.DeleteFiles,
            db =>
            {
                foreach (var location in locations) db.Files.Remove(location);
            },
            cancellationToken);

    public ValueTask<int> SweepAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        verbs.RunAsync(StorageVerb.SweepFiles, db => Sweep(db, before), cancellationToken);

    private static int Sweep(MemoryDatabase db, DateTimeOffset before)
    {
        var named = db.Jobs.Values.SelectMany(row => row.Outputs).SelectMany(output => output.Formats).Select(format => format.Location)
            .Concat(db.Uploads.Values.Select(row => row.Upload.Location)).ToHashSet();
        var lost = db.Files.Where(file => file.Value.StagedAt < before && !named.Contains(file.Key)).Select(file => file.Key).ToList();
        foreach (var location in lost) db.Files.Remove(location);
        return lost.Count;
    }

    private sealed class MemoryFile(MemoryVerbs verbs, string location, DateTimeOffset stagedAt) : StagedFile
    {
        private readonly MemoryStream _content = new();

        public override Stream Content => _content;

        public override ValueTask<string> PublishAsync(CancellationToken cancellationToken) => verbs.RunAsync(
            StorageVerb.PublishFile,
            db =>
            {
                db.Files[location] = new StoredFile(_content.ToArray(), stagedAt);
                return location;
            },
            cancellationToken);

        public override ValueTask DisposeAsync() => _content.DisposeAsync();
    }
}

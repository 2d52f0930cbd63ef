using System.Text;
using Errand.Storage.Folders;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// A folder that all nodes of the store have mounted. A file that says whose it is stands in it: a node that sees an empty mount point, or the
/// folder of another store, must not start – what it wrote there nobody else could serve.
/// </summary>
internal sealed class SharedFolder
{
    /// <summary>No location of a chunk begins like this: there it is a tenant's name, escaped.</summary>
    public const string Prefix = "@/";

    private const string KeyName = "outputs.folder";
    private const string MarkerName = ".errand-store";

    private static readonly Sql Named = Sql.Of("files", "named");

    private readonly string _root;
    private readonly Database _database;
    private readonly ISecurityStore _keys;
    private readonly FolderFaults _faults;

    public SharedFolder(string path, Database database, ISecurityStore keys)
    {
        (_root, _database, _keys) = (Path.GetFullPath(path), database, keys);
        _faults = new FolderFaults($"files in {_root}", $"The shared folder {_root}");
        Files = new FolderFiles(_root, _faults, refuse: () => { }, NamedAsync, Prefix);
    }

    public FolderFiles Files { get; }

    private string Marker => Path.Combine(_root, MarkerName);

    /// <summary>Whether it is there, can be written and is this store's.</summary>
    /// <exception cref="StorageException">It is not; the message names it and what to do.</exception>
    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_root)) throw Wrong("is not there", "Mount it, or make it, on each node before the server starts");
        var offered = Read() ?? Offer();
        var ours = Encoding.ASCII.GetString((await _keys.GetOrAddKeyAsync(KeyName, Encoding.ASCII.GetBytes(offered), cancellationToken)).Span);
        _faults.OfFiles(() => Settle(offered, ours));
        var there = Read();
        if (there == ours) return;
        throw there is null
            ? Wrong("is not the one that this store's files are in: it has no " + MarkerName, "Mount the folder that the other nodes use; was it moved, move it with all that is in it")
            : Wrong("belongs to another store", "Name one folder for each store");
    }

    private async ValueTask<IReadOnlySet<string>> NamedAsync(IReadOnlyList<string> locations, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var named = await _database.ReadAsync(batch => batch.Add(Named).With(locations), results => results.ListAsync(row => row.Text()));
        return named.ToHashSet(StringComparer.Ordinal);
    }

    private string? Read() => _faults.OfFiles(() => File.Exists(Marker) ? File.ReadAllText(Marker).Trim() : null);

    /// <summary>
    /// A name for a folder that has none, written down beside the marker before the store is told: a crash in between must not leave a store
    /// that looks for a name nobody wrote.
    /// </summary>
    private string Offer() => _faults.OfFiles(() =>
    {
        var id = Guid.NewGuid().ToString("N");
        using (var file = new FileStream(OfferOf(id), FileMode.CreateNew, FileAccess.Write))
        {
            file.Write(Encoding.ASCII.GetBytes(id + "\n"));
            file.Flush(flushToDisk: true);
        }

        DurableFolder.Flush(_root);
        return id;
    });

    private void Settle(string offered, string ours)
    {
        if (!File.Exists(Marker) && File.Exists(OfferOf(ours)))
        {
            try
            {
                File.Move(OfferOf(ours), Marker);
            }
            catch (IOException) when (File.Exists(Marker))
            {
                // Another node was first with the same name.
            }

            DurableFolder.Flush(_root);
        }

        File.Delete(OfferOf(offered));
    }

    private string OfferOf(string id) => $"{Marker}.{id}";

    private StorageException Wrong(string what, string fix) =>
        new(StorageFault.NotWritable, $"The shared folder {_root} (storage.outputs) {what}. {fix}.");
}

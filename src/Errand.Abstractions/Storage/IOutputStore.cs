namespace Errand.Storage;

/// <summary>The bytes of outputs and uploads. A file is staged, made durable, and only then named in a row; what no row names is swept.</summary>
public interface IOutputStore
{
    /// <summary>Begins a file that nobody can see yet.</summary>
    /// <exception cref="StorageException"><see cref="StorageFault.Full"/> when there is no room.</exception>
    ValueTask<StagedFile> StageAsync(string tenant, DateTimeOffset asOf, CancellationToken cancellationToken);

    /// <summary>Opens a published file for reading, seekable. Null when it is gone.</summary>
    ValueTask<Stream?> OpenAsync(string location, CancellationToken cancellationToken);

    /// <summary>Removes files; unknown locations are ignored. Called only after the commit that removed their rows.</summary>
    ValueTask DeleteAsync(IReadOnlyList<string> locations, CancellationToken cancellationToken);

    /// <summary>Removes files that no row names and that were staged before <paramref name="before"/>. Returns how many.</summary>
    ValueTask<int> SweepAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>A file being written. Disposing it without <see cref="PublishAsync"/> removes it.</summary>
public abstract class StagedFile : IAsyncDisposable
{
    /// <summary>Where to write. Do not dispose it.</summary>
    public abstract Stream Content { get; }

    /// <summary>Makes the bytes and their name durable (flush, rename, flush of the folder) and returns the location, for a row to name.</summary>
    public abstract ValueTask<string> PublishAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

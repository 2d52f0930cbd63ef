namespace Errand.Storage.Folders;

/// <summary>Turns what the file system says into what the seam promises: a fault, in words that name the place and what to do.</summary>
/// <param name="place">What there is no room for when the disk is full.</param>
/// <param name="files">What a file that fails belongs to: <c>A file beside …</c>.</param>
internal sealed class FolderFaults(string place, string files)
{
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int LinuxNoSpace = 28;
    private const int LinuxQuotaExceeded = 122;

    /// <summary>Acts on files, and says in the seam's words what went wrong.</summary>
    public T OfFiles<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (IOException exception)
        {
            throw Translate(exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StorageException(
                StorageFault.NotWritable, $"{files} cannot be written: {exception.Message} Give the user of this process the right to write that folder.", exception);
        }
    }

    /// <inheritdoc cref="OfFiles{T}(Func{T})"/>
    public void OfFiles(Action act) => OfFiles(() =>
    {
        act();
        return true;
    });

    public StorageException Translate(IOException exception) => exception.HResult is WindowsDiskFull or LinuxNoSpace or LinuxQuotaExceeded
        ? Full(exception)
        : new(StorageFault.Unavailable, $"{files} could not be written: {exception.Message}", exception);

    public StorageException Full(Exception? inner = null) => new(
        StorageFault.Full, $"There is no room for {place}: free space on its disk, or purge finished jobs.", inner);
}

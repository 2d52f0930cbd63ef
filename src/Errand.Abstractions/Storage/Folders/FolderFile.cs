namespace Errand.Storage.Folders;

/// <summary>A file on its way: written below the staging folder, then flushed, renamed into place and the folder flushed.</summary>
internal sealed class FolderFile(string staged, string target, string location, FolderFaults faults, Action letGo) : StagedFile
{
    private readonly StagedStream _content = new(staged, faults);

    public override Stream Content => _content;

    public override async ValueTask<string> PublishAsync(CancellationToken cancellationToken)
    {
        await _content.FlushAsync(cancellationToken);
        _content.FlushToDisk();
        await _content.DisposeAsync();
        faults.OfFiles(MoveIntoPlace);
        return location;
    }

    /// <summary>Removes what was not published; what was is no longer where it was staged.</summary>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            await _content.DisposeAsync();
        }
        catch (StorageException)
        {
            // What did not fit is removed with the rest of the file.
        }

        File.Delete(staged);
        letGo();
    }

    private void MoveIntoPlace()
    {
        var folder = Path.GetDirectoryName(target)!;
        DurableFolder.Create(folder);
        File.Move(staged, target);
        DurableFolder.Flush(folder);
    }
}

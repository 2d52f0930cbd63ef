using Errand.Storage;
using Microsoft.Extensions.Logging;

namespace Errand.Outputs;

/// <summary>
/// Deletes files whose rows are gone. Nobody waits for them any more: one that cannot be deleted is found again by the orphan sweep.
/// </summary>
internal sealed partial class FileRemover(IJobStorage storage, ILogger<FileRemover> logger)
{
    public async ValueTask RemoveAsync(IReadOnlyList<string> locations, CancellationToken cancellationToken)
    {
        if (locations.Count == 0) return;
        try
        {
            await storage.Files.DeleteAsync(locations, cancellationToken);
        }
        catch (Exception e) when (e is StorageException or IOException or UnauthorizedAccessException)
        {
            NotRemoved(logger, locations.Count, e);
        }
    }

    [LoggerMessage(1111, LogLevel.Warning, "{Files} files whose jobs are gone could not be deleted; the hourly sweep tries again.")]
    private static partial void NotRemoved(ILogger logger, int files, Exception exception);
}

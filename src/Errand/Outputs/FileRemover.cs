using Errand.Storage;

namespace Errand.Outputs;

/// <summary>Deletes files whose rows are gone. One that cannot be deleted is found again by the orphan sweep.</summary>
internal sealed class FileRemover(IJobStorage storage)
{
    public ValueTask RemoveAsync(IReadOnlyList<string> locations, CancellationToken cancellationToken) =>
        locations.Count == 0 ? ValueTask.CompletedTask : storage.Files.DeleteAsync(locations, cancellationToken);
}

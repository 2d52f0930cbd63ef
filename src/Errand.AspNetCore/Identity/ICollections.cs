using Errand.Storage;

namespace Errand.AspNetCore;

/// <summary>Tells what is shared with whom; for dialects with such a rule.</summary>
public interface ICollections
{
    /// <summary>The collections that a caller is a member of, those of the configuration among them; at most a second old.</summary>
    ValueTask<IReadOnlyList<JobCollection>> OfAsync(JobCaller caller, CancellationToken cancellationToken = default);
}

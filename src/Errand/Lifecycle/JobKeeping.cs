using Errand.Catalog;

namespace Errand.Lifecycle;

/// <summary>How long a job is kept once it is finished: what its submit said, else its type, else a week.</summary>
internal sealed class JobKeeping(TypeCatalog types)
{
    public JobRetention Of(JobHead head, JobDetails details) => details.Retention is { } kept
        ? new JobRetention(kept, kept, kept)
        : types.Find(head.Type)?.Retention ?? JobRetention.Default;
}

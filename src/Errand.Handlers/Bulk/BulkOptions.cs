namespace Errand.Handlers;

/// <summary>How bulk actions go about it.</summary>
public sealed class BulkOptions
{
    /// <summary>At most this many jobs a second, so that a bulk action never crowds out the work. Default: 1,000.</summary>
    /// <value>1 to 100,000.</value>
    public int Rate { get; set; } = 1000;

    /// <summary>The queue of bulk actions, apart from the jobs that they are about. Default: <c>system</c>.</summary>
    public string Queue { get; set; } = "system";
}

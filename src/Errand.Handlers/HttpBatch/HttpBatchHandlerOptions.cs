namespace Errand.Handlers;

/// <summary>
/// A type whose items are posted to a URL, each by itself. The URL may hold <c>{field}</c>s of the item in its path and query. Callers
/// cannot name it.
/// </summary>
public sealed record HttpBatchHandlerOptions : HttpHandlerOptions
{
    /// <summary>Makes options with the defaults of a batch: 100 seconds a request.</summary>
    public HttpBatchHandlerOptions() => (RequestTimeout, CallerUrlMember) = (TimeSpan.FromSeconds(100), null);

    /// <summary>How many items are sent at once. Default: 8.</summary>
    /// <value>1 to 256.</value>
    public int Concurrency { get; init; } = 8;

    /// <summary>How often an item is tried within one attempt of the job, as long as trying again may help. Default: 3.</summary>
    /// <value>1 to 20.</value>
    public int ItemAttempts { get; init; } = 3;

    /// <summary>The member that names an item. Default: null: its <c>id</c>, else its <c>key</c>, else its place.</summary>
    public string? ItemKey { get; init; }

    /// <summary>Whether a failed item fails the job, once all items are done. Default: false: the job succeeds and the counts tell.</summary>
    public bool FailOnItemError { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<JobFieldError> Validate()
    {
        var errors = new List<JobFieldError>();
        HttpBatchOptionsRules.Check(this, errors);
        return errors;
    }
}

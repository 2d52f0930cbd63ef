namespace Errand.Handlers;

/// <summary>A type whose jobs are posted to a URL.</summary>
public record HttpHandlerOptions
{
    /// <summary>Where the input is posted. Required unless <see cref="AllowCallerUrl"/>.</summary>
    public string? Url { get; init; }

    /// <summary>The method. Default: <c>POST</c>.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>Headers that are added to each request.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>How long one request may take, the answer included. Default: 10 minutes. The attempt's own timeout ends it too.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether the caller may name the URL, in the member <see cref="CallerUrlMember"/> of the input. Default: false: an input that does is refused.</summary>
    public bool AllowCallerUrl { get; init; }

    /// <summary>The member of the input that names a URL. Null or empty where it has another meaning: then nobody looks at it. Default: <c>url</c>.</summary>
    public string? CallerUrlMember { get; init; } = "url";

    /// <summary>What a caller's URL may reach.</summary>
    public OutboundRules CallerUrls { get; init; } = new();

    /// <summary>Everything that is wrong, each with the field and the fix; empty when nothing is.</summary>
    public virtual IReadOnlyList<JobFieldError> Validate()
    {
        var errors = new List<JobFieldError>();
        HttpOptionsRules.Check(this, errors);
        return errors;
    }
}

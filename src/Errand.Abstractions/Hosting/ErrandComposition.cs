namespace Errand;

/// <summary>
/// What the parts of a host tell each other between its build and its start, when no service can be added any more: types that are
/// declared by endpoints, and reasons to stay away from the store. One for the host.
/// </summary>
public sealed class ErrandComposition : IHandlerCatalog
{
    private readonly List<Func<IEnumerable<HandlerRegistration>>> _sources = [];
    private readonly List<Func<string?>> _reasons = [];
    private IReadOnlyList<HandlerRegistration>? _handlers;

    /// <summary>The types that were declared this way. Asked for when the engine starts, and fixed from then on.</summary>
    public IReadOnlyList<HandlerRegistration> Handlers => _handlers ??= [.. _sources.SelectMany(source => source())];

    /// <summary>True once <see cref="Handlers"/> was read: what is declared later is not run.</summary>
    public bool IsFixed => _handlers is not null;

    /// <summary>Declares types when the engine starts.</summary>
    public void Declare(Func<IEnumerable<HandlerRegistration>> handlers) => _sources.Add(handlers);

    /// <summary>Gives a reason for which this host must neither open the store nor claim jobs; null when there is none.</summary>
    public void StandByIf(Func<string?> reason) => _reasons.Add(reason);

    /// <summary>Whether the host starts Errand at all: null means yes unless a reason speaks against it. Set from <c>Errand:Start</c>.</summary>
    public bool? Start { get; set; }

    /// <summary>Why this host stands by, in one sentence; null when it works.</summary>
    public string? StandBy => Start switch
    {
        true => null,
        false => "Errand:Start is false.",
        null => _reasons.Select(reason => reason()).FirstOrDefault(sentence => sentence is not null),
    };
}

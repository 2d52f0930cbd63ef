namespace Errand.Dialects.Tests;

/// <summary>Types that are accepted and that no worker of this process runs.</summary>
public sealed class Accepts(params IReadOnlyList<string> types) : IHandlerCatalog
{
    public IReadOnlyList<HandlerRegistration> Handlers { get; } =
        [.. types.Select(type => new HandlerRegistration(new JobType { Name = type, MaxAttempts = 1 }, Create: null))];
}

namespace Errand.Handlers;

/// <summary>One built-in type, as the catalog that the engine and the worker read.</summary>
internal sealed class HandlerCatalog(HandlerRegistration registration) : IHandlerCatalog
{
    public IReadOnlyList<HandlerRegistration> Handlers { get; } = [registration];
}

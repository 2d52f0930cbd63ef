namespace Errand;

/// <summary>A type together with what runs it in this process.</summary>
/// <param name="Type">The declaration.</param>
/// <param name="Create">Makes the handler from the services of the attempt's scope; null for a type that this process only accepts.</param>
public sealed record HandlerRegistration(JobType Type, Func<IServiceProvider, IJobHandler>? Create);

/// <summary>Types that this process declares. Register any number as services; the names of all of them must differ.</summary>
public interface IHandlerCatalog
{
    /// <summary>The types with their handlers.</summary>
    IReadOnlyList<HandlerRegistration> Handlers { get; }
}
